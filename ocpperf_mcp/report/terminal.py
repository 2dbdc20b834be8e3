"""A report on a terminal: what one must know, and of each table as much as a screen bears."""

import io
import sys
from collections.abc import Iterable, Sequence

from rich.console import Console, RenderableType
from rich.table import Table as Grid
from rich.text import Text

from ocpperf_mcp.report.model import Finding, Mark, Report, Section, State, Table, Value
from ocpperf_mcp.report.narrative_words import author_words, paragraphs, step_words
from ocpperf_mcp.report.printable import printable
from ocpperf_mcp.report.words import events_of, facts_of, moment_words, parted

_ROWS = 12
_FINDINGS = 20
_WIDE = 160
_LEFT_OUT = ("source", "error")
"""Columns whose texts are too long for a screen."""
_SECTIONS = ("fleet", "objectives", "changes", "alerts", "missing")
"""Levels are for those who ask for them: Markdown has all."""
_STYLES: dict[State | Mark, str] = {
    "critical": "bold red", "warning": "yellow", "healthy": "green", "unknown": "magenta", "top": "bold",
}  # fmt: skip


def terminal(report: Report) -> str:
    """Text for standard output, with colours where that is a terminal."""
    is_terminal = sys.stdout.isatty()
    console = Console(
        file=io.StringIO(),
        force_terminal=is_terminal,
        markup=False,
        highlight=False,
        width=None if is_terminal else _WIDE,
    )
    with console.capture() as captured:
        for part in _parts(report):
            console.print(part)
    return captured.get()


def _parts(report: Report) -> Iterable[RenderableType]:
    yield Text(printable(report.title), "bold")
    yield from (Text(printable(line), "dim") for line in facts_of(report))
    yield Text.assemble("State: ", (report.state, _STYLES[report.state]))
    if report.narrative is not None:
        yield ""
        yield from (Text(printable(paragraph)) for paragraph in paragraphs(report.narrative))
        yield from (
            Text(printable(f"{place}. {step_words(step)}")) for place, step in enumerate(report.narrative.steps, 1)
        )
        yield Text(printable(author_words(report.narrative)), "dim")
    yield ""
    yield from (Text(f"- {printable(sentence.text)}") for sentence in report.summary)
    yield from (Text(f"- Note: {printable(note)}") for note in report.notes)
    yield ""
    yield _states(report)
    if report.findings:
        yield _findings(report)
    to_do, others = parted(report.sections)
    for section in to_do:
        yield from _section(section)
    if report.events:
        yield _events(report)
    for section in others:
        if section.key in _SECTIONS:
            yield from _section(section)
    yield Text(f"{len(report.claims)} claims; --format markdown has all tables, --format json every claim.", "dim")


def _states(report: Report) -> Grid:
    grid = _grid("", ("cluster", "analyzer", "state", "why"))
    for one in report.states:
        grid.add_row(
            Text(printable(one.cluster)), Text(one.analyzer), Text(one.state, _STYLES[one.state]), Text(one.reason)
        )
    return grid


def _findings(report: Report) -> Grid:
    grid = _grid("Findings", ("severity", "rule", "of", "from", "to", "observed", "limit", "coverage"))
    for finding in report.findings[:_FINDINGS]:
        grid.add_row(*_finding(finding, is_fleet=report.scope == "fleet"))
    return _with_rest(grid, len(report.findings) - _FINDINGS)


def _finding(finding: Finding, *, is_fleet: bool) -> list[Text]:
    style = "" if finding.severity == "info" else _STYLES[finding.severity]
    known = " (acknowledged)" if finding.acknowledged else ""
    where = f"{finding.cluster}: " if is_fleet else ""
    return [
        Text(f"{finding.severity}{known}", style),
        Text(printable(finding.rule)),
        Text(printable(f"{where}{finding.entity}")),
        Text(moment_words(finding.start)),
        Text("still open" if finding.open else moment_words(finding.end)),
        Text(printable(finding.observed.text)),
        Text(printable(f"{finding.limit.text} {finding.tier}")),
        Text("" if finding.coverage is None else f"{finding.coverage:.0%}"),
    ]


def _events(report: Report) -> Grid:
    grid = _grid("Events", ("when", "kind", "what"))
    for event in events_of(report)[:_ROWS]:
        grid.add_row(Text(moment_words(event.start)), Text(printable(event.kind)), Text(printable(event.summary)))
    return _with_rest(grid, len(report.events) - _ROWS)


def _section(section: Section) -> Iterable[RenderableType]:
    yield ""
    yield Text(printable(section.title), "bold")
    yield from (Text(printable(line)) for line in section.text)
    yield from map(_table, section.tables)


def _table(table: Table) -> Grid:
    kept = [place for place, column in enumerate(table.columns) if column.key not in _LEFT_OUT]
    grid = _grid(table.title, [table.columns[place].title for place in kept])
    for row in table.rows[:_ROWS]:
        grid.add_row(*(_cell(row[place]) for place in kept))
    return _with_rest(grid, table.rows_in_all - min(len(table.rows), _ROWS))


def _grid(title: str, columns: Sequence[str]) -> Grid:
    grid = Grid(title=Text(printable(title)) if title else None, title_justify="left")
    for column in columns:
        # A command that is cut off is none.
        grid.add_column(Text(printable(column)), overflow="fold")
    return grid


def _with_rest(grid: Grid, more: int) -> Grid:
    if more > 0:
        grid.caption = Text(f"and {more} more", "dim")
        grid.caption_justify = "left"
    return grid


def _cell(value: Value) -> Text:
    """Marks are words as well as colours, for those who see none."""
    words = "".join(f" ({mark})" for mark in value.marks if mark != value.text)
    return Text(f"{printable(value.text)}{words}", _STYLES[value.marks[0]] if value.marks else "")
