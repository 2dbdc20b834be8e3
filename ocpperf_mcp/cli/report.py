"""`ocpperf report`: one page about a window, for people and for CI."""

import sys
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import duckdb
import typer

from ocpperf_mcp.cli.window_argument import chosen_cluster
from ocpperf_mcp.cli.window_prompt import DAY, Entry, is_someone_there, window_asked_for
from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.contracts.windows import parse_window
from ocpperf_mcp.extent import held_range, known_clusters
from ocpperf_mcp.report.asked import NOTHING, PREVIOUS, TOP, Asked, closed_hours, compared_with, typed_where_another
from ocpperf_mcp.report.formats import FORMATS, Format, format_named
from ocpperf_mcp.report.gather import gather, gather_fleet
from ocpperf_mcp.report.model import Report
from ocpperf_mcp.report.reading import span
from ocpperf_mcp.settings import ModelSettings, QuerySettings
from ocpperf_mcp.state.runs import windows_by_name
from ocpperf_mcp.warehouse import open_published

FAILED, NOT_EVALUATED = 3, 4
"""Exit codes under --fail-on: a finding of that severity or worse; a state that is unknown."""


class Analyzer(StrEnum):
    ETCD = "etcd"
    NETWORK = "network"
    OVNK = "ovnk"
    ALL = "all"


class FailOn(StrEnum):
    WARNING = "warning"
    CRITICAL = "critical"


@dataclass(frozen=True)
class _Wanted:
    """What was typed."""

    last: str | None
    start: str | None
    end: str | None
    run: str | None
    against: str
    analyzer: str | None
    top: int


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
    format: Annotated[str, typer.Option(help=f"How it is written: {', '.join(FORMATS)}.")] = "table",  # noqa: A002
    out: Annotated[Path | None, typer.Option(help="Write to this file instead of the terminal.")] = None,
    fleet: Annotated[bool, typer.Option("--fleet", help="States and findings of all clusters.")] = False,
    fail_on: Annotated[FailOn | None, typer.Option(help="Exit with 3 on a finding this severe.")] = None,
    top: Annotated[int, typer.Option(min=1, max=500, help="Things shown of each metric and role.")] = TOP,
    narrate: Annotated[
        bool, typer.Option("--narrate", help="With prose of a language model, or of the rules.")
    ] = False,
) -> None:
    """Report on the closed hours of a window: states, findings, changes, objectives, levels, and their evidence.

    Exit codes: 0 it was written, 1 it cannot be, 2 wrong usage; under --fail-on also 3 the state is that bad, and
    4 the state is unknown.
    """
    home, form = QuerySettings().paths, format_named(format)
    if fleet and cluster is not None:
        raise OcpperfError("--fleet is about all clusters.", "Leave --cluster out.")
    wanted = _Wanted(last, start, end, run, against, None if analyzer is Analyzer.ALL else analyzer.value, top)
    if narrate and is_someone_there() and not _has_window(wanted):
        wanted = _with_window_asked_for(wanted, home, cluster, fleet=fleet)
    with open_published(home) as con:
        made = _of_fleet(con, home, wanted) if fleet else gather(con, _asked(con, home, cluster, wanted))
    _write(_narrated(made, home) if narrate else made, form, out)
    if fail_on is not None and (code := exit_code(made, fail_on)):
        raise typer.Exit(code)


def _has_window(wanted: _Wanted) -> bool:
    return any((wanted.last, wanted.start, wanted.end, wanted.run))


def _with_window_asked_for(wanted: _Wanted, home: Home, cluster: str | None, *, fleet: bool) -> _Wanted:
    """With a window of which the cluster has data."""
    with open_published(home) as con:
        of_cluster = _newest(con) if fleet else chosen_cluster(con, cluster)

        def judge(entry: Entry) -> None:
            _asked(con, home, of_cluster, replace(wanted, **asdict(entry), against=NOTHING))

        return replace(wanted, **asdict(window_asked_for(judge)))


def _narrated(made: Report, home: Home) -> Report:
    settings = ModelSettings()
    try:
        from ocpperf_mcp.agent.graph import narrated
    except ModuleNotFoundError as fault:
        raise OcpperfError(f"{fault.name} is not installed.", "Install it with `pip install 'ocpperf[mcp]'`.") from None
    return narrated(made, home, settings, lambda words: typer.echo(words, err=True))


def exit_code(made: Report, fail_on: FailOn) -> int:
    """Of the state: 3 where it is as bad as that, 4 where it is unknown, which is no pass either."""
    bad = {FailOn.WARNING: {"warning", "critical"}, FailOn.CRITICAL: {"critical"}}[fail_on]
    if made.state in bad:
        return FAILED
    return NOT_EVALUATED if made.state == "unknown" else 0


def _of_fleet(con: duckdb.DuckDBPyConnection, home: Home, wanted: _Wanted) -> Report:
    """One window for all: it ends with the newest data, so that a cluster that fell silent shows."""
    first = _asked(con, home, _newest(con), replace(wanted, against=NOTHING))
    return gather_fleet(con, [replace(first, cluster=cluster) for cluster in known_clusters(con)])


def _newest(con: duckdb.DuckDBPyConnection) -> str:
    """The cluster with the newest data."""
    clusters = known_clusters(con)
    if not clusters:
        raise OcpperfError("The warehouse holds no cluster yet.", "Run `ocpperf collect --last 1h` first.")
    ends = {cluster: held.end for cluster in clusters if (held := held_range(con, cluster))}
    return max(ends, key=ends.__getitem__, default=clusters[0])


def _asked(con: duckdb.DuckDBPyConnection, home: Home, cluster: str | None, wanted: _Wanted) -> Asked:
    of_cluster = chosen_cluster(con, cluster)
    held, names = held_range(con, of_cluster), windows_by_name(home)
    typed = parse_window(
        wanted.last if _has_window(wanted) else DAY, wanted.start, wanted.end, wanted.run, data_range=held, names=names
    )
    closed = closed_hours(con, of_cluster, typed)
    against = compared_with(wanted.against, closed, held, names)
    asked = typed_where_another(typed, closed)
    return Asked(of_cluster, span(closed, wanted.run or ""), against, wanted.analyzer, wanted.top, asked)


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
