"""A list of records in a JSON file of the state directory: read whole, changed under a lock, written at once."""

import fcntl
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from ocpperf_mcp.contracts.directories import make_directory
from ocpperf_mcp.contracts.errors import OcpperfError

Record = TypeVar("Record", bound=BaseModel)


def read_records(path: Path, kind: type[Record]) -> tuple[Record, ...]:
    """Every record of the file; none where there is no file. Raises OcpperfError when it is not what was written."""
    if not path.exists():
        return ()
    try:
        return tuple(kind.model_validate(row) for row in json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, TypeError):
        raise OcpperfError(f"{path} cannot be read as what ocpperf wrote.", "Mend it, or move it away.") from None


def change_records(path: Path, kind: type[Record], change: Callable[[tuple[Record, ...]], Sequence[Record]]) -> None:
    """Replace the records by what `change` makes of them; two processes at once do so one after the other."""
    make_directory(path.parent)
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        records = [record.model_dump(mode="json") for record in change(read_records(path, kind))]
        fresh = path.with_suffix(".new")
        fresh.write_text(json.dumps(records, indent=1), encoding="utf-8")
        fresh.replace(path)
