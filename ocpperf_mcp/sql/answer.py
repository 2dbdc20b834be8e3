"""Execute one checked statement on a guarded connection, within the limits of rows and bytes."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

import duckdb

from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.sql.limits import Limits
from ocpperf_mcp.sql.statement import Statement

Columns = list[tuple[str, str]]


@dataclass(frozen=True)
class Answer:
    """`columns` are names and types; `rows` is JSON text: a list of lists, values as DuckDB writes them in JSON."""

    columns: Columns
    rows: str
    truncated: str | None


def answer(con: duckdb.DuckDBPyConnection, statement: Statement, limits: Limits) -> Answer:
    """Raises duckdb.Error when the statement fails, OcpperfError when the names of its columns alone are too much."""
    columns, rows = _plan(con, statement) if statement.is_plan else _selected(con, statement, limits.rows + 1)
    head = sum(len(name.encode()) + len(kind.encode()) for name, kind in columns)
    if head > limits.answer_bytes:
        raise OcpperfError(
            f"The answer has {len(columns):,} columns, too many for {limits.answer_bytes:,} bytes.",
            "Select fewer, or pivot into fewer.",
        )
    kept, truncated = _within(rows, limits.rows, limits.answer_bytes)
    return Answer(columns, f"[{','.join(kept)}]", truncated)


def _plan(con: duckdb.DuckDBPyConnection, statement: Statement) -> tuple[Columns, Iterator[str]]:
    rows = con.execute(statement.text).fetchall()
    return [("kind", "VARCHAR"), ("plan", "VARCHAR")], (json.dumps(row) for row in rows)


def _selected(con: duckdb.DuckDBPyConnection, statement: Statement, at_most: int) -> tuple[Columns, Iterator[str]]:
    """DuckDB writes the JSON: Python's values know no infinite dates, no nanoseconds and no months."""
    described = con.execute(f"describe from (\n{statement.text}\n)").fetchall()
    names = ", ".join(f"c{place}" for place, _ in enumerate(described))
    cursor = con.execute(
        f"select json_array({names})::varchar from (\n{statement.text}\n) as given({names}) limit {at_most}"
    )
    return [(row[0], row[1]) for row in described], _texts(cursor)


def _texts(cursor: duckdb.DuckDBPyConnection) -> Iterator[str]:
    while row := cursor.fetchone():
        yield row[0]


def _within(rows: Iterator[str], most_rows: int, most_bytes: int) -> tuple[list[str], str | None]:
    """The rows that the limits allow, and why there are not all: one more than allowed is asked for, to know."""
    kept: list[str] = []
    size = 0
    for row in rows:
        if len(kept) == most_rows:
            return kept, f"There are more rows: these are the first {most_rows:,}. Aggregate, or narrow the query."
        size += len(row.encode())
        if size > most_bytes:
            return kept, (
                f"There are more rows, but {most_bytes:,} bytes hold only the first {len(kept):,}. "
                "Select fewer columns, or shorter values."
            )
        kept.append(row)
    return kept, None
