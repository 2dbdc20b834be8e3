"""A report as Markdown of GitHub's dialect. Whatever comes from the warehouse is text and never markup."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from ocpperf_mcp.report.model import Column, Event, Finding, Mark, Narrative, Report, RootCause, Section, Table, Value
from ocpperf_mcp.report.narrative_words import TITLE, author_words, paragraphs, step_words
from ocpperf_mcp.report.origins import Origin, origins
from ocpperf_mcp.report.printable import printable
from ocpperf_mcp.report.words import certainty_words, events_of, facts_of, moment_words, parted, when_words

_SIGNS = re.compile(r"[\\`*\[\]<>|#~&$]")
_LONE_UNDERSCORE = re.compile(r"(?<![^\W_])_|_(?![^\W_])")
_LINKS = re.compile(r"(?i)(?<=[a-z]):(?=//)|(?<=www)\.|@")
_MARKS: dict[Mark, str] = {"critical": "**critical**", "warning": "**warning**", "top": "top"}


def markdown(report: Report) -> str:
    """The whole report. Claims are told by metric; the JSON has each."""
    return "\n".join(_lines(report)) + "\n"


def escaped(text: str) -> str:
    """A text that shows as itself: no markup, no cell's end, no link."""
    safe = _SIGNS.sub(lambda sign: f"\\{sign[0]}", printable(text))
    safe = _LONE_UNDERSCORE.sub(r"\\_", safe)
    return _LINKS.sub(lambda sign: f"\\{sign[0]}", safe)


def code(text: str) -> str:
    """A code span that no text can end."""
    safe = printable(text)
    fence = "`" * (max((len(run) for run in re.findall("`+", safe)), default=0) + 1)
    space = " " if safe.startswith("`") or safe.endswith("`") else ""
    return f"{fence}{space}{safe}{space}{fence}" if safe else ""


def _lines(report: Report) -> Iterator[str]:
    yield f"# {escaped(report.title)}"
    yield ""
    yield from (f"{escaped(line)}  " for line in facts_of(report))
    yield ""
    yield f"**State: {report.state}**"
    if report.narrative is not None:
        yield from _heading(2, TITLE)
        yield from _narrative(report.narrative)
    yield from _heading(2, "Summary")
    yield from (f"- {escaped(sentence.text)}" for sentence in report.summary)
    yield from (f"- Note: {escaped(note)}" for note in report.notes)
    yield from _heading(2, "State of each analyzer")
    yield from _states(report)
    yield from _heading(2, "Findings")
    yield from _findings(report.findings, is_fleet=report.scope == "fleet")
    to_do, others = parted(report.sections)
    for section in to_do:
        yield from _section(section)
    if report.events:
        yield from _heading(2, "Events")
        yield from _grid(("When (UTC)", "Kind", "What"), (_event(event) for event in events_of(report)))
    for section in others:
        yield from _section(section)
    yield from _heading(2, "Where the numbers come from")
    yield from _sources(report)


def _narrative(narrative: Narrative) -> Iterator[str]:
    for paragraph in paragraphs(narrative):
        yield escaped(paragraph)
        yield ""
    yield from (f"{place}. {escaped(step_words(step))}" for place, step in enumerate(narrative.steps, 1))
    if narrative.steps:
        yield ""
    yield escaped(author_words(narrative))


def _heading(level: int, title: str) -> Iterator[str]:
    yield ""
    yield f"{'#' * level} {escaped(title)}"
    yield ""


def _grid(titles: Sequence[str], rows: Iterable[Sequence[str]], numbers: Sequence[bool] = ()) -> Iterator[str]:
    """A table; cells are Markdown already."""
    yield f"| {' | '.join(titles)} |"
    yield f"| {' | '.join('---:' if is_number else '---' for is_number in numbers or [False] * len(titles))} |"
    yield from (f"| {' | '.join(row)} |" for row in rows)


def _states(report: Report) -> Iterator[str]:
    yield from _grid(
        ("Cluster", "Analyzer", "State", "Why"),
        (
            (escaped(one.cluster), escaped(one.analyzer), f"**{one.state}**", escaped(one.reason))
            for one in report.states
        ),
    )


def _findings(findings: Sequence[Finding], *, is_fleet: bool) -> Iterator[str]:
    if not findings:
        yield "None."
    told: set[str] = set()
    for finding in findings:
        where = f" of {finding.cluster}" if is_fleet else ""
        yield from _heading(3, f"{finding.severity}: {finding.rule} on {finding.entity}{where}")
        yield escaped(finding.summary)
        yield ""
        yield from (f"- {line}" for line in _details(finding))
        if finding.rule not in told:
            yield from (f"- {line}" for line in _advice(finding))
        told.add(finding.rule)


def _details(finding: Finding) -> Iterator[str]:
    still = ", still going on at the end of the data" if finding.open else ""
    yield f"{moment_words(finding.start)} to {moment_words(finding.end)} UTC{still}; {code(finding.finding_id)}"
    yield (
        f"Observed {escaped(finding.observed.text)}, limit {escaped(finding.limit.text)} "
        f"({escaped(finding.tier)}, {escaped(finding.source)})"
    )
    yield escaped(certainty_words(finding))
    if finding.during:
        yield f"During the {escaped(finding.during)}, so a level milder where it ended with it"
    if finding.raised_by:
        yield f"Raised to critical by {escaped(finding.raised_by)}"
    if finding.acknowledged:
        yield f"Acknowledged{': ' if finding.acknowledged_because else ''}{escaped(finding.acknowledged_because)}"
    yield from map(_cause, finding.root_causes)


def _cause(cause: RootCause) -> str:
    rivals = f" Competing: {escaped(', '.join(cause.rivals))}." if cause.rivals else ""
    check = f" To tell: {code(cause.check_command)}. {escaped(cause.check_tells)}" if cause.check_command else ""
    return f"{escaped(cause.statement)}{rivals}{check}"


def _advice(finding: Finding) -> Iterator[str]:
    """What all findings of a rule share stands at the first."""
    if finding.common_causes:
        yield f"Common causes: {escaped(' '.join(finding.common_causes))}"
    for action in finding.actions:
        what = code(action.command) if action.command else escaped(action.change)
        conditions = f" Before: {escaped(action.precondition)}" if action.precondition else ""
        risk = f" Risk: {escaped(action.risk)}" if action.risk else ""
        by_when = f" {when_words(action)}" if action.horizon else ""
        yield f"Action: {what}{conditions}{risk}{by_when}"


def _event(event: Event) -> tuple[str, str, str]:
    return _when(event.start, event.end), escaped(event.kind), escaped(event.summary)


def _when(start: datetime, end: datetime | None) -> str:
    return moment_words(start) if end is None else f"{moment_words(start)} to {moment_words(end)}"


def _section(section: Section) -> Iterator[str]:
    yield from _heading(2, section.title)
    yield from (f"{escaped(line)}  " for line in section.text)
    for table in section.tables:
        yield from _table(table)


def _table(table: Table) -> Iterator[str]:
    if table.title:
        yield from _heading(3, table.title)
    else:
        yield ""
    titles = [escaped(column.title) for column in table.columns]
    yield from _grid(titles, (list(map(_cell, row)) for row in table.rows), _numbers(table.columns))
    if table.rows_in_all > len(table.rows):
        yield ""
        yield f"And {table.rows_in_all - len(table.rows)} more."


def _numbers(columns: Sequence[Column]) -> list[bool]:
    return [column.kind == "number" for column in columns]


def _cell(value: Value) -> str:
    """A value with its marks: a severity and the highest may both hold."""
    marks = "".join(f" {_MARKS[mark]}" for mark in value.marks if mark != value.text)
    return f"{escaped(value.text)}{marks}"


def _sources(report: Report) -> Iterator[str]:
    catalogues = sorted({one.catalogue for one in report.data})
    yield f"Catalogue {', '.join(map(code, catalogues))}. `ocpperf report --format json` has every claim by itself."
    yield ""
    is_fleet = report.scope == "fleet"
    for one in origins(report):
        metric = one.source
        where = f"{escaped(metric.cluster)}: " if is_fleet else ""
        yield (
            f"- {where}{code(metric.metric)}, {escaped(metric.title)}: {code(metric.expression)}, "
            f"every {metric.step_s} s, {len(one.claims)} claims, {_samples(one)}"
        )


def _samples(origin: Origin) -> str:
    if origin.counted is None:
        return "samples not counted"
    found, expected = origin.counted
    return f"{found} of {expected} samples in {' and '.join(origin.windows)}"
