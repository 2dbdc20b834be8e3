"""Small questions about tables, and a transaction that undoes itself."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import duckdb


@contextmanager
def transaction(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Commit at the end, roll back on any way out before it."""
    con.begin()
    try:
        yield
    except BaseException:
        con.rollback()
        raise
    con.commit()


def exists(con: duckdb.DuckDBPyConnection, table: str) -> bool:
    """Asked of every model in every build, and half as dear as the columns of all tables."""
    found = con.execute(
        "select 1 from duckdb_tables() where table_name = $table and database_name = current_database()",
        {"table": table},
    ).fetchone()
    return found is not None


def column_types(con: duckdb.DuckDBPyConnection, table: str) -> dict[str, str]:
    """Type by column name; empty when there is no such table in the database being written."""
    rows = con.execute(
        "select column_name, data_type from duckdb_columns() "
        "where table_name = $table and database_name = current_database()",
        {"table": table},
    ).fetchall()
    return dict(rows)


def count(con: duckdb.DuckDBPyConnection, table: str) -> int:
    row = con.execute(f"select count(*) from {table}").fetchone()
    return int(row[0]) if row else 0


def fingerprint(con: duckdb.DuckDBPyConnection, table: str, leave_out: Sequence[str] = ()) -> str:
    """Equal for equal rows in any order under equal column names and types."""
    columns = f"* exclude ({', '.join(leave_out)})" if leave_out else "*"
    types = con.execute(f"describe select {columns} from {table}").fetchall()
    row = con.execute(
        f"select count(*), bit_xor(hash(part)), sum(hash(part)) from (select {columns} from {table}) as part"
    ).fetchone()
    return f"{[column[:2] for column in types]} {row}"
