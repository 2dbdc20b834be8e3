"""A list of records in a JSON file of the state directory: read whole, changed under a lock, written at once."""

import fcntl
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from ocpperf_mcp.contracts.directories import make_directory
from ocpperf_mcp.contracts.errors import OcpperfError

Record = TypeVar("Record", bound=BaseModel)


def read_records(path: Path, kind: type[Record]) -> tuple[Record, ...]:
    """Every record of the file; none where there is no file.

    Raises OcpperfError when it cannot be read or is not what was written.
    """
    try:
        return tuple(kind.model_validate(row) for row in json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return ()
    except OSError as fault:
        raise OcpperfError(f"{path} cannot be read: {fault.strerror}.", "Make it readable, or move it away.") from None
    except (ValueError, TypeError):
        raise OcpperfError(f"{path} cannot be read as what ocpperf wrote.", "Mend it, or move it away.") from None


def change_records(path: Path, kind: type[Record], change: Callable[[tuple[Record, ...]], Sequence[Record]]) -> None:
    """Replace the records by what `change` makes of them; two processes at once do so one after the other.

    Raises OcpperfError as `read_records` does, and when the file cannot be written.
    """
    make_directory(path.parent)
    with _locked(path):
        records = [record.model_dump(mode="json") for record in change(read_records(path, kind))]
        with _written(path):
            fresh = path.with_suffix(".new")
            fresh.write_text(json.dumps(records, indent=1), encoding="utf-8")
            fresh.replace(path)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with _written(path):
        lock = path.with_suffix(".lock").open("w")
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def _written(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as fault:
        raise OcpperfError(
            f"{path} cannot be written: {fault.strerror}.", "Make room and make it writable; then try again."
        ) from None
