"""Staged Parquet files of one domain: written by one writer, complete only when the last file says so."""

import shutil
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from threading import Lock
from types import TracebackType

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from pyarrow import parquet

from ocpperf_assets.diskspace import room_in
from ocpperf_assets.ingest.staged import COMPLETE
from ocpperf_mcp.contracts.directories import make_directory

_TEXT = pa.dictionary(pa.int32(), pa.string())
_TIME = pa.timestamp("ms")

SCHEMAS = {
    "samples": pa.schema(
        [
            ("cluster", _TEXT),
            ("metric", _TEXT),
            ("series_id", pa.int64()),
            ("ts", _TIME),
            ("value", pa.float64()),
        ]
    ),
    "buckets": pa.schema(
        [
            ("cluster", _TEXT),
            ("metric", _TEXT),
            ("series_id", pa.int64()),
            ("ts", _TIME),
            ("le", pa.float64()),
            ("increase", pa.float64()),
        ]
    ),
    "series": pa.schema(
        [
            ("cluster", pa.string()),
            ("domain", pa.string()),
            ("metric", pa.string()),
            ("series_id", pa.int64()),
            ("labels", pa.map_(pa.string(), pa.string())),
            ("first_seen", _TIME),
            ("last_seen", _TIME),
        ]
    ),
    "extraction": pa.schema(
        [
            ("cluster", pa.string()),
            ("domain", pa.string()),
            ("metric", pa.string()),
            ("hour", _TIME),
            ("asked_start", _TIME),
            ("asked_end", _TIME),
            ("status", pa.string()),
            ("attempts", pa.int32()),
            ("bytes", pa.int64()),
            ("seconds", pa.float64()),
            ("error", pa.string()),
            ("notes", pa.string()),
            ("expr_hash", pa.string()),
            ("step_s", pa.int32()),
            ("extracted_at", _TIME),
        ]
    ),
}


class Stage:
    """Appends Arrow tables from several threads; a domain directory without its last file is ignored by the loader."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._writers: dict[str, parquet.ParquetWriter] = {}
        self._lock = Lock()

    def __enter__(self) -> "Stage":
        make_directory(self._directory)
        (self._directory / COMPLETE).unlink(missing_ok=True)
        self._number = len(list(self._directory.glob("extraction-*.parquet")))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        if fault is not None:
            self._abandon()
            return
        with room_in(self._directory):
            for writer in self._writers.values():
                writer.close()
            (self._directory / COMPLETE).touch()

    def _abandon(self) -> None:
        """What is not complete is never loaded, and on a full disk it is in the way."""
        for writer in self._writers.values():
            with suppress(OSError):
                writer.close()
        shutil.rmtree(self._directory, ignore_errors=True)

    def append(self, kind: str, table: pa.Table) -> None:
        """Write one row group of the kind of rows named in SCHEMAS."""
        if not len(table):
            return
        with self._lock, room_in(self._directory):
            if kind not in self._writers:
                path = self._directory / f"{kind}-{self._number:04}.parquet"
                self._writers[kind] = parquet.ParquetWriter(path, SCHEMAS[kind], compression="snappy")
            self._writers[kind].write_table(table)

    def append_rows(self, kind: str, rows: Sequence[dict[str, object]]) -> None:
        self.append(kind, pa.Table.from_pylist(list(rows), schema=SCHEMAS[kind]))


def repeated(text: str, count: int) -> pa.DictionaryArray:
    """One text `count` times, as four bytes each."""
    return pa.DictionaryArray.from_arrays(pa.array(np.zeros(count, dtype=np.int32)), [text])


def times(ts_ms: npt.NDArray[np.int64]) -> pa.Array:
    return pa.array(ts_ms).cast(_TIME)


def naive(moment: datetime) -> datetime:
    """UTC without its label, as the warehouse has it."""
    return moment.replace(tzinfo=None)
