"""Load staged snapshots into the tables `raw_inventory_*` of the slot being written."""

from collections.abc import Callable, Mapping
from datetime import UTC
from pathlib import Path

import duckdb

from ocpperf_assets.ingest.staged import Change
from ocpperf_mcp.contracts.windows import HOUR, Window, floor_hour

FOLDER = "inventory"
COMPLETE = "_taken"
PREFIX = "raw_inventory_"
TIME = "taken_at"

_TABLES = """
select table_name from duckdb_tables()
where database_name = current_database() and starts_with(table_name, $prefix) order by table_name
"""


def staged_snapshots(run_directory: Path) -> list[Mapping[str, Path]]:
    """The files of each complete snapshot by table."""
    directories = sorted(marker.parent for marker in run_directory.glob(f"{FOLDER}/*/{COMPLETE}"))
    return [{path.stem: path for path in sorted(one.glob("*.parquet"))} for one in directories]


def load_snapshots(
    con: duckdb.DuckDBPyConnection, run_directory: Path, record: Callable[[str, str, Change], None]
) -> list[Change]:
    """Load every snapshot of the run and answer with their hours; `record` is told the hour of every table.

    A snapshot is filed under its hour and takes the place of an earlier one there, also in tables it has no row for.
    """
    tables = [name for (name,) in con.execute(_TABLES, {"prefix": PREFIX}).fetchall()]
    snapshots = [(files, _hour_of(con, files)) for files in staged_snapshots(run_directory)]
    for files, change in snapshots:
        con.execute("begin")
        for table in tables:
            _replace(con, table, files.get(table.removeprefix(PREFIX)), change)
            record(table, TIME, change)
        con.execute("commit")
    return [change for _, change in snapshots]


def _hour_of(con: duckdb.DuckDBPyConnection, files: Mapping[str, Path]) -> Change:
    (row,) = con.execute(
        f"select any_value(cluster), any_value({TIME}) from read_parquet($file)", {"file": str(files["part"])}
    ).fetchall()
    hour = floor_hour(row[1].replace(tzinfo=UTC))
    return Change(row[0], Window(hour, hour + HOUR))


def _replace(con: duckdb.DuckDBPyConnection, table: str, file: Path | None, change: Change) -> None:
    start, end = (moment.replace(tzinfo=None) for moment in (change.window.start, change.window.end))
    con.execute(
        f"delete from {table} where cluster = $cluster and {TIME} >= $start and {TIME} < $end",
        {"cluster": change.cluster, "start": start, "end": end},
    )
    if file:
        con.execute(f"insert into {table} by name select * from read_parquet($file)", {"file": str(file)})
