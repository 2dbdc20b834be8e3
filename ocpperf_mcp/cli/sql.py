"""`ocpperf sql`: read-only SQL on the published warehouse, printed or exported."""

import csv
import json
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from socket import socketpair
from threading import Thread
from typing import Annotated, Any, TextIO

import duckdb
import typer
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.settings import QuerySettings
from ocpperf_mcp.sql.faults import failed
from ocpperf_mcp.sql.limits import LOCKED
from ocpperf_mcp.sql.statement import Statement, single_select
from ocpperf_mcp.warehouse import open_published

# Here the owner of the file asks, on a machine and for a time of their own: the statement is checked and the connection
# locked as for everybody, but there is no worker and no limit of time, memory or rows. Exports may be larger than
# memory, and Ctrl-C ends what takes too long.
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
    if out is not None:
        _export(home, statement, format, out)
    elif format is Format.PARQUET:
        raise OcpperfError("Parquet needs a file.", "Add --out FILE.parquet.")
    else:
        _print(home, statement, format, sys.stdout)


def _standard_input() -> str:
    if sys.stdin.isatty():
        raise OcpperfError("No statement was given.", "Try: ocpperf sql 'from rpt_findings'")
    return sys.stdin.read()


def _print(home: Home, statement: Statement, form: Format, target: TextIO) -> None:
    with open_published(home, config=LOCKED) as con, _answering(con):
        cursor = con.execute(statement.text)
        _write(form, [column[0] for column in cursor.description or ()], cursor, target)


def _export(home: Home, statement: Statement, form: Format, out: Path) -> None:
    if not out.parent.is_dir():
        raise OcpperfError(f"There is no folder {out.parent}.", "Make it, or give --out another file.")
    try:
        with _complete(out) as part:
            if form is Format.PARQUET:
                _export_parquet(home, statement, part)
            else:
                with part.open("w", encoding="utf-8", newline="") as target:
                    _print(home, statement, form, target)
    except OSError as fault:
        raise OcpperfError(f"{out} cannot be written: {fault.strerror}.", "Give --out another file.") from None


def _export_parquet(home: Home, statement: Statement, part: Path) -> None:
    """COPY behind the guard: DuckDB lets the one file through that is named before the guard closes."""
    if statement.is_plan:
        raise OcpperfError("A plan is text, and no table for Parquet.", "Leave --format parquet out.")
    last = ("enable_external_access", "lock_configuration")
    before = {name: value for name, value in LOCKED.items() if name not in last}
    file = "'" + str(part).replace("'", "''") + "'"
    with open_published(home, config=before) as con, _answering(con):
        con.execute(f"set allowed_paths = [{file}]")
        for name in last:
            con.execute(f"set {name} = {LOCKED[name]}")
        con.execute(f"copy ({statement.text}\n) to {file} (format parquet, use_tmp_file false)")


@contextmanager
def _complete(out: Path) -> Iterator[Path]:
    """A file beside `out` that takes its place only when all is written; devices and pipes are written as they are."""
    if out.exists() and not out.is_file():
        yield out
        return
    final = out.resolve()
    part = final.with_name(f".{final.name}.{os.getpid()}.part")
    try:
        yield part
        part.replace(final)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def _answering(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Faults of the query as one sentence, and Ctrl-C at once: DuckDB by itself may notice it only at the end."""
    waiting, woken = socketpair()
    woken.setblocking(False)

    def watch() -> None:
        with waiting:
            if waiting.recv(1):
                con.interrupt()

    watcher = Thread(target=watch, daemon=True)
    watcher.start()
    before = signal.set_wakeup_fd(woken.fileno())
    try:
        yield
    except duckdb.InterruptException:
        raise KeyboardInterrupt from None
    except duckdb.Error as fault:
        raise failed(fault) from None
    except RuntimeError as fault:
        if "interrupted" in str(fault):
            raise KeyboardInterrupt from None
        raise
    finally:
        signal.set_wakeup_fd(before)
        woken.close()
        watcher.join()


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
    table = Table(*(Column(Text(name)) for name in names))
    rows = cursor.fetchmany(_TABLE_ROWS + 1)
    for row in rows[:_TABLE_ROWS]:
        table.add_row(*(Text("" if value is None else str(value)) for value in row))
    console = Console(file=target)
    console.print(table)
    if len(rows) > _TABLE_ROWS:
        console.print(f"First {_TABLE_ROWS} rows; --format csv writes them all.")


def _rows(cursor: duckdb.DuckDBPyConnection) -> Iterator[tuple[Any, ...]]:
    while batch := cursor.fetchmany(_BATCH):
        yield from batch
