"""`ocpperf report`: one page about a window, for people and for CI."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import duckdb
import typer

from ocpperf_mcp.cli.window_argument import chosen_cluster
from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.contracts.windows import parse_window
from ocpperf_mcp.extent import held_range
from ocpperf_mcp.report.asked import PREVIOUS, TOP, Asked, closed_hours, compared_with
from ocpperf_mcp.report.formats import FORMATS, Format, format_named
from ocpperf_mcp.report.gather import gather
from ocpperf_mcp.report.model import Report
from ocpperf_mcp.report.reading import span
from ocpperf_mcp.settings import QuerySettings
from ocpperf_mcp.state.runs import windows_by_name
from ocpperf_mcp.warehouse import open_published

FAILED, NOT_EVALUATED = 3, 4
"""Exit codes under --fail-on: a finding of that severity or worse; a state that is unknown."""
_DAY = "24h"


class Analyzer(StrEnum):
    ETCD = "etcd"
    NETWORK = "network"
    OVNK = "ovnk"
    ALL = "all"


class FailOn(StrEnum):
    WARNING = "warning"
    CRITICAL = "critical"


def report(
    analyzer: Annotated[Analyzer, typer.Option(help="What it is about.")] = Analyzer.ALL,
    last: Annotated[str | None, typer.Option(help="The last stretch of the data, like 24h.")] = None,
    start: Annotated[str | None, typer.Option("--from", help="First moment, ISO 8601.")] = None,
    end: Annotated[str | None, typer.Option("--to", help="Moment after the last one, ISO 8601.")] = None,
    run: Annotated[str | None, typer.Option(help="A named run instead of times.")] = None,
    against: Annotated[
        str, typer.Option(help="previous, last-week, nothing, a run's name, or a window as START/END.")
    ] = PREVIOUS,
    cluster: Annotated[str | None, typer.Option(help="Which cluster; the only one when left out.")] = None,
    format: Annotated[str, typer.Option(help=f"How it is written: {', '.join(FORMATS)}.")] = "json",  # noqa: A002
    out: Annotated[Path | None, typer.Option(help="Write to this file instead of the terminal.")] = None,
    fail_on: Annotated[FailOn | None, typer.Option(help="Exit with 3 on a finding this severe.")] = None,
    top: Annotated[int, typer.Option(min=1, max=500, help="Things shown of each metric and role.")] = TOP,
) -> None:
    """Report on the closed hours of a window: states, findings, changes, objectives, levels, and their evidence."""
    home = QuerySettings().paths
    form = format_named(format)
    chosen = None if analyzer is Analyzer.ALL else analyzer.value
    with open_published(home) as con:
        asked = _asked(con, home, chosen_cluster(con, cluster), (last, start, end, run), against, chosen, top)
        made = gather(con, asked)
    _write(made, form, out)
    if fail_on is not None and (code := exit_code(made, fail_on)):
        raise typer.Exit(code)


def exit_code(made: Report, fail_on: FailOn) -> int:
    """Of the state: 3 where it is as bad as that, 4 where it is unknown, which is no pass either."""
    bad = {FailOn.WARNING: {"warning", "critical"}, FailOn.CRITICAL: {"critical"}}[fail_on]
    if made.state in bad:
        return FAILED
    return NOT_EVALUATED if made.state == "unknown" else 0


def _asked(
    con: duckdb.DuckDBPyConnection,
    home: Home,
    cluster: str,
    window: tuple[str | None, str | None, str | None, str | None],
    against: str,
    analyzer: str | None,
    top: int,
) -> Asked:
    last, start, end, run = window
    held, names = held_range(con, cluster), windows_by_name(home)
    if not any(window):
        last = _DAY
    typed = parse_window(last, start, end, run, data_range=held, names=names)
    closed, notes = closed_hours(con, cluster, typed)
    compared = compared_with(against, closed, held, names)
    return Asked(cluster, span(closed, run or ""), compared, analyzer, top, notes)


def _write(made: Report, form: Format, out: Path | None) -> None:
    if out is None and form.needs_file:
        raise OcpperfError(f"A report as {form.name} needs a file.", "Add --out FILE.")
    rendered = form.render(made)
    if out is None:
        sys.stdout.write(str(rendered))
        return
    try:
        if isinstance(rendered, bytes):
            out.write_bytes(rendered)
        else:
            out.write_text(rendered, encoding="utf-8")
    except OSError as fault:
        raise OcpperfError(f"{out} cannot be written: {fault.strerror}.", "Give --out another file.") from None
