"""Bring the idle slot up to the published one by copying only what changed since.

Tables are those of the published slot afterwards; one whose columns changed is copied whole. Views and macros hold no
rows: whoever writes a slot recreates them in every turn.
"""

import duckdb

from ocpperf_assets.slots.publication import LEDGER, TableChange, changes_since, oldest_version, version_of

PUBLISHED = "published"


def can_catch_up(con: duckdb.DuckDBPyConnection) -> bool:
    """Whether the attached published slot still tells everything that happened since this slot's version."""
    own, theirs = version_of(con), version_of(con, PUBLISHED)
    return own == theirs or (0 < own < theirs and own + 1 >= oldest_version(con, PUBLISHED))


def catch_up(con: duckdb.DuckDBPyConnection) -> None:
    """Copy what changed, table by table, in one transaction; needs the published slot attached as `published`."""
    own = version_of(con)
    if own == version_of(con, PUBLISHED):
        return
    con.begin()
    try:
        _drop_vanished(con)
        for change in changes_since(con, PUBLISHED, own):
            if change.table in _tables(con, PUBLISHED):
                _copy(con, change, own)
        con.execute(f"delete from {LEDGER}")
        con.execute(f"insert into {LEDGER} from {PUBLISHED}.main.{LEDGER} order by version")
    except BaseException:
        con.rollback()
        raise
    con.commit()


def copy_all(con: duckdb.DuckDBPyConnection) -> None:
    """Every table of the published slot with its rows in their order, the ledger included, into an empty file."""
    for table in _tables(con, PUBLISHED):
        con.execute(f"create table {table} as from {PUBLISHED}.main.{table}")


def _copy(con: duckdb.DuckDBPyConnection, change: TableChange, own_version: int) -> None:
    source = f"{PUBLISHED}.main.{change.table}"
    here = _tables(con, None).get(change.table)
    if change.kind == "whole" or here != _tables(con, PUBLISHED)[change.table]:
        con.execute(f"create or replace table {change.table} as from {source}")
    elif change.kind == "window":
        condition = f"{change.time_column} >= ? and {change.time_column} < ?"
        values: list[object] = [change.start, change.end]
        if change.cluster is not None:
            condition, values = f"cluster = ? and {condition}", [change.cluster, *values]
        con.execute(f"delete from {change.table} where {condition}", values)
        con.execute(f"insert into {change.table} by name from {source} where {condition}", values)
    else:
        newer = f"(from {source} where {change.time_column} > {own_version})"
        matches = " and ".join(f"old.{column} = new.{column}" for column in change.key_columns)
        con.execute(f"delete from {change.table} as old using {newer} as new where {matches}")
        con.execute(f"insert into {change.table} by name from {newer}")


def _tables(con: duckdb.DuckDBPyConnection, database: str | None) -> dict[str, tuple[tuple[str, str], ...]]:
    """Columns with their types by table name; None is the slot being written."""
    rows = con.execute(
        "select table_name, list((column_name, data_type) order by column_index) from duckdb_columns() "
        "semi join duckdb_tables() using (database_name, schema_name, table_name) "
        "where database_name = coalesce(?, current_database()) and schema_name = 'main' group by table_name",
        [database],
    ).fetchall()
    return {name: tuple(tuple(column) for column in columns) for name, columns in rows}


def _drop_vanished(con: duckdb.DuckDBPyConnection) -> None:
    for table in _tables(con, None).keys() - _tables(con, PUBLISHED).keys():
        con.execute(f"drop table {table}")
