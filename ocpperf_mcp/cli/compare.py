"""`ocpperf compare`: what differs between two windows; for people, for programs, for CI."""

import json
import sys
from collections import Counter
from collections.abc import Sequence
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import duckdb
import typer
from rich.console import Console
from rich.table import Table

from ocpperf_mcp.cli.window_argument import chosen_cluster, typed_window
from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.contracts.windows import Window
from ocpperf_mcp.extent import data_range
from ocpperf_mcp.junit import TestCase, junit_suite
from ocpperf_mcp.settings import QuerySettings
from ocpperf_mcp.warehouse import open_published

WORSE = 3
"""Exit code where something is worse in the second window."""
_QUERY = """
select *, readable(before, unit) as before_text, readable(after, unit) as after_text
from rpt_compare($cluster, $a0::timestamp, $a1::timestamp, $b0::timestamp, $b1::timestamp)
where (len($domains) = 0 or domain in (select unnest($domains)))
    and (len($metrics) = 0 or metric in (select unnest($metrics)))
"""
_SHOWN = 60
_SILENT = ("unchanged", "not comparable")

Row = dict[str, Any]


class Format(StrEnum):
    TABLE = "table"
    JSON = "json"
    JUNIT = "junit"


def compare(
    before: Annotated[str, typer.Argument(help="A run's name, 24h, START/END or START/24h.")],
    after: Annotated[str, typer.Argument(help="The window it is compared with.")],
    cluster: Annotated[str | None, typer.Option(help="Which cluster; the only one when left out.")] = None,
    domain: Annotated[list[str] | None, typer.Option(help="Only this domain; may be repeated.")] = None,
    metric: Annotated[list[str] | None, typer.Option(help="Only this metric; may be repeated.")] = None,
    format: Annotated[Format, typer.Option(help="How it is written.")] = Format.TABLE,  # noqa: A002 - the option's name
    out: Annotated[Path | None, typer.Option(help="Write to this file instead of the terminal.")] = None,
    all_rows: Annotated[bool, typer.Option("--all", help="Also what did not change or cannot be compared.")] = False,
) -> None:
    """Compare two windows.

    Exit codes: 0 nothing is worse in the second window, 1 they cannot be compared, 2 wrong usage, 3 something is worse.
    """
    home = QuerySettings().paths
    with open_published(home) as con:
        of_cluster = chosen_cluster(con, cluster)
        held = data_range(con, of_cluster)
        windows = typed_window(before, home, held), typed_window(after, home, held)
        _refuse_unknown(con, "domain", domain or [])
        _refuse_unknown(con, "metric", metric or [])
        cursor = con.execute(_QUERY, _parameters(of_cluster, windows, domain or [], metric or []))
        names = [column[0] for column in cursor.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    if not rows:
        raise OcpperfError("Nothing was measured in either window.", "See `ocpperf catalogue` for domains and metrics.")
    _write(rows, windows, format, out, all_rows=all_rows)
    if any(row["change"] == "worse" for row in rows):
        raise typer.Exit(WORSE)


def _refuse_unknown(con: duckdb.DuckDBPyConnection, kind: str, asked: Sequence[str]) -> None:
    """A mistyped name beside a right one would leave out without a word what was asked for."""
    known = {name for (name,) in con.execute(f"select distinct {kind} from dim_metric").fetchall()}
    for name in asked:
        if name not in known:
            near = get_close_matches(name, known, n=3) or sorted(known)[:12]
            raise OcpperfError(
                f"There is no {kind} '{name}'.", f"Names: {', '.join(near)}; `ocpperf catalogue` has all."
            )


def _parameters(cluster: str, windows: Sequence[Window], domains: list[str], metrics: list[str]) -> Row:
    (a, b) = windows
    moments = {"a0": a.start, "a1": a.end, "b0": b.start, "b1": b.end}
    naive = {name: moment.replace(tzinfo=None) for name, moment in moments.items()}
    return {"cluster": cluster, "domains": domains, "metrics": metrics, **naive}


def _write(rows: Sequence[Row], windows: Sequence[Window], form: Format, out: Path | None, *, all_rows: bool) -> None:
    if form is Format.TABLE:
        if out is not None:
            raise OcpperfError("A table goes to the terminal.", "Add --format json or --format junit to write a file.")
        _print(rows, windows, all_rows=all_rows)
        return
    text = junit(rows) if form is Format.JUNIT else json.dumps(rows, default=str, indent=1)
    if out is None:
        typer.echo(text)
        return
    try:
        out.write_text(text + "\n", encoding="utf-8")
    except OSError as fault:
        raise OcpperfError(f"{out} cannot be written: {fault.strerror}.", "Give --out another file.") from None


def _print(rows: Sequence[Row], windows: Sequence[Window], *, all_rows: bool) -> None:
    counts = Counter(row["change"] for row in rows)
    chosen = [row for row in rows if all_rows or row["change"] not in _SILENT]
    typer.echo(" against ".join(f"{one.start:%Y-%m-%d %H:%M} to {one.end:%Y-%m-%d %H:%M} UTC" for one in windows))
    if chosen:
        table = Table("change", "metric", "of", "before", "after", "ratio", "objective")
        for row in chosen[:_SHOWN]:
            table.add_row(
                row["change"], row["metric"], _thing(row), row["before_text"], row["after_text"],
                "" if row["ratio"] is None else f"{row['ratio']:.2f}", _objective(row),
            )  # fmt: skip
        Console(markup=False, width=None if sys.stdout.isatty() else 200).print(table)
    if len(chosen) > _SHOWN:
        typer.echo(f"and {len(chosen) - _SHOWN} more; --format json has them all")
    typer.echo(", ".join(f"{count} {change}" for change, count in counts.most_common()) + ".")


def _thing(row: Row) -> str:
    return f"{row['entity']} {row['part']}".strip()


def _objective(row: Row) -> str:
    words = {True: "met", False: "missed", None: "-"}
    if row["objective"] is None:
        return ""
    return f"{words[row['met_before']]}, {words[row['met_after']]}"


def junit(rows: Sequence[Row]) -> str:
    """One test case a thing measured: worse is a failure, what cannot be compared is skipped with its reason."""
    return junit_suite("ocpperf compare", [_case(row) for row in rows])


def _case(row: Row) -> TestCase:
    said = f"{row['title']}: {row['before_text']} before, {row['after_text']} after"
    return TestCase(
        f"{row['domain']}.{row['metric']}",
        _thing(row),
        failure=said if row["change"] == "worse" else None,
        skipped=row["reason"] if row["change"] == "not comparable" else None,
    )
