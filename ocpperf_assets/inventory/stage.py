"""A snapshot as Parquet files of a run, complete only when the last file says so."""

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow as pa
from pyarrow import parquet

from ocpperf_assets.diskspace import room_in
from ocpperf_assets.inventory.load import COMPLETE, FOLDER
from ocpperf_assets.inventory.part import Value
from ocpperf_assets.inventory.snapshot import Snapshot
from ocpperf_mcp.contracts.directories import make_directory


def stage(snapshot: Snapshot, run_directory: Path) -> None:
    """One file a table. Raises DiskFullError."""
    directory = run_directory / FOLDER / snapshot.cluster
    shutil.rmtree(directory, ignore_errors=True)
    make_directory(directory)
    with room_in(directory):
        for table, rows in snapshot.tables.items():
            parquet.write_table(_arrow(rows), directory / f"{table}.parquet")
        (directory / COMPLETE).touch()


def _arrow(rows: Sequence[Mapping[str, Value]]) -> pa.Table:
    """Types follow from the values. A column without any is left out: its type is the table's to know."""
    names = dict.fromkeys(name for row in rows for name, value in row.items() if value is not None)
    return pa.table({name: pa.array([row.get(name) for row in rows]) for name in names})
