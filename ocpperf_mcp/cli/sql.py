"""`ocpperf sql`: read-only SQL on the published warehouse, printed or exported."""

import csv
import json
import sys
from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, TextIO

import duckdb
import typer
from rich.console import Console
from rich.table import Table

from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.settings import QuerySettings
from ocpperf_mcp.warehouse import GUARD, open_published

_BATCH = 10_000
_TABLE_ROWS = 200


class Format(StrEnum):
    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    PARQUET = "parquet"


def sql(
    query: Annotated[str | None, typer.Argument(help="One SELECT; read from standard input when left out.")] = None,
    format: Annotated[Format, typer.Option(help="How rows are written.")] = Format.TABLE,  # noqa: A002 - the option's name
    out: Annotated[Path | None, typer.Option(help="Write to this file instead of the terminal.")] = None,
) -> None:
    """Run one read-only SELECT on the published warehouse."""
    statement = single_select(query if query is not None else _standard_input())
    home = QuerySettings().paths
    if format is Format.PARQUET:
        if out is None:
            raise OcpperfError("Parquet needs a file.", "Add --out FILE.parquet.")
        with open_published(home) as con:
            _run(con, f"copy ({statement}) to '{str(out).replace(chr(39), chr(39) * 2)}' (format parquet)")
        return
    with open_published(home, config=GUARD) as con:
        cursor = _run(con, statement)
        names = [column[0] for column in cursor.description or ()]
        if out is None:
            _write(format, names, cursor, sys.stdout)
        else:
            with out.open("w", encoding="utf-8", newline="") as target:
                _write(format, names, cursor, target)


def single_select(text: str) -> str:
    """The one statement in `text`, without its semicolon. Raises OcpperfError unless it is a single SELECT."""
    try:
        statements = duckdb.extract_statements(text)
    except duckdb.Error as fault:
        raise OcpperfError(f"The statement does not parse: {_first_line(fault)}") from None
    if len(statements) != 1 or statements[0].type not in (
        duckdb.StatementType.SELECT,
        duckdb.StatementType.EXPLAIN,
    ):
        raise OcpperfError(
            "The warehouse is read-only here: give exactly one SELECT.",
            "`select table_name from duckdb_tables()` lists what there is.",
        )
    return str(statements[0].query).strip().rstrip(";")


def _standard_input() -> str:
    if sys.stdin.isatty():
        raise OcpperfError("No statement was given.", "Try: ocpperf sql 'from rpt_findings'")
    return sys.stdin.read()


def _run(con: duckdb.DuckDBPyConnection, statement: str) -> duckdb.DuckDBPyConnection:
    try:
        return con.execute(statement)
    except duckdb.Error as fault:
        raise OcpperfError(f"The query failed: {_first_line(fault)}") from None


def _first_line(fault: Exception) -> str:
    return str(fault).strip().splitlines()[0]


def _write(form: Format, names: Sequence[str], cursor: duckdb.DuckDBPyConnection, target: TextIO) -> None:
    if form is Format.CSV:
        writer = csv.writer(target)
        writer.writerow(names)
        writer.writerows(_rows(cursor))
    elif form is Format.JSON:
        for row in _rows(cursor):
            target.write(json.dumps(dict(zip(names, row, strict=True)), default=str) + "\n")
    else:
        _write_table(names, cursor, target)


def _write_table(names: Sequence[str], cursor: duckdb.DuckDBPyConnection, target: TextIO) -> None:
    table = Table(*names)
    rows = cursor.fetchmany(_TABLE_ROWS + 1)
    for row in rows[:_TABLE_ROWS]:
        table.add_row(*("" if value is None else str(value) for value in row))
    console = Console(file=target)
    console.print(table)
    if len(rows) > _TABLE_ROWS:
        console.print(f"First {_TABLE_ROWS} rows; --format csv writes them all.")


def _rows(cursor: duckdb.DuckDBPyConnection) -> Iterator[tuple[Any, ...]]:
    while batch := cursor.fetchmany(_BATCH):
        yield from batch
