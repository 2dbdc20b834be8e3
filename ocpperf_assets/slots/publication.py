"""What changed with which published version: the ledger from which the other slot is caught up."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import duckdb

from ocpperf_mcp.contracts.windows import Window

LEDGER = "raw_publication"
_CREATE = f"""
create table if not exists {LEDGER} (
    version bigint, table_name varchar, kind varchar, time_column varchar, key_columns varchar[], cluster varchar,
    window_start timestamp, window_end timestamp, run_id varchar, published_at timestamp
)
"""


@dataclass(frozen=True)
class TableChange:
    """One change of one table.

    `window`: rows of `cluster` (None = all) whose `time_column` lies in the window. `rows`: rows whose `time_column`
    (a version column there) is newer than the slot, found again by `key_columns`. `whole`: everything. Times are
    naive UTC.
    """

    table: str
    kind: str
    time_column: str | None = None
    key_columns: tuple[str, ...] = ()
    cluster: str | None = None
    start: datetime | None = None
    end: datetime | None = None

    @classmethod
    def of_window(cls, table: str, time_column: str, cluster: str | None, window: Window) -> "TableChange":
        start, end = window.start.replace(tzinfo=None), window.end.replace(tzinfo=None)
        return cls(table, "window", time_column, (), cluster, start, end)

    @classmethod
    def of_rows(cls, table: str, version_column: str, key: Sequence[str]) -> "TableChange":
        return cls(table, "rows", version_column, tuple(key))

    @classmethod
    def of_whole(cls, table: str) -> "TableChange":
        return cls(table, "whole")


def create_ledger(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(_CREATE)


def version_of(con: duckdb.DuckDBPyConnection, database: str | None = None) -> int:
    """The version a slot holds; 0 for an empty one."""
    name = f"{database}.main.{LEDGER}" if database else LEDGER
    return _number(con, f"select coalesce(max(version), 0) from {name}")


def oldest_version(con: duckdb.DuckDBPyConnection, database: str) -> int:
    """The first version the ledger still tells about; older slots cannot be caught up from it."""
    return _number(con, f"select coalesce(min(version), 0) from {database}.main.{LEDGER}")


def _number(con: duckdb.DuckDBPyConnection, query: str) -> int:
    """The one value of a query, read to its end: the connection is busy until then."""
    ((value,),) = con.execute(query).fetchall()
    return int(value)


def changes_since(con: duckdb.DuckDBPyConnection, database: str, version: int) -> list[TableChange]:
    """Merged changes of all versions after `version`."""
    rows = con.execute(
        f"select distinct table_name, kind, time_column, key_columns, cluster, window_start, window_end "
        f"from {database}.main.{LEDGER} where version > ? order by all",
        [version],
    ).fetchall()
    return merged(TableChange(row[0], row[1], row[2], tuple(row[3] or ()), *row[4:]) for row in rows)


def record(
    con: duckdb.DuckDBPyConnection, changes: Iterable[TableChange], version: int, run_id: str, now: datetime
) -> None:
    con.executemany(
        f"insert into {LEDGER} values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            [
                version,
                change.table,
                change.kind,
                change.time_column,
                list(change.key_columns),
                change.cluster,
                change.start,
                change.end,
                run_id,
                now.replace(tzinfo=None),
            ]
            for change in changes
        ],
    )


def prune(con: duckdb.DuckDBPyConnection, before: int) -> None:
    """Forget versions older than `before`: no slot that could be caught up needs them."""
    con.execute(f"delete from {LEDGER} where version < ?", [before])


def merged(changes: Iterable[TableChange]) -> list[TableChange]:
    """Fewest changes that say the same: a whole table swallows its windows, windows that touch are joined."""
    distinct = set(changes)
    wholes = {change.table for change in distinct if change.kind == "whole"}
    others = [change for change in distinct if change.kind == "rows" and change.table not in wholes]
    windows = sorted(
        (change for change in distinct if change.kind == "window" and change.table not in wholes), key=_order
    )
    joined: list[TableChange] = []
    for change in windows:
        last = joined[-1] if joined else None
        if last and _touches(last, change):
            joined[-1] = replace(last, end=max(_end(last), _end(change)))
        else:
            joined.append(change)
    return [*(TableChange.of_whole(table) for table in sorted(wholes)), *joined, *sorted(others, key=_order)]


def _order(change: TableChange) -> tuple[str, str, str, datetime]:
    return change.table, change.time_column or "", change.cluster or "", change.start or datetime.min


def _end(change: TableChange) -> datetime:
    return change.end or datetime.max


def _touches(left: TableChange, right: TableChange) -> bool:
    same = (left.table, left.time_column, left.cluster) == (right.table, right.time_column, right.cluster)
    return same and right.start is not None and right.start <= _end(left)
