"""A report as flat tables, for workbooks and CSV files: typed cells, units in headers, every claim by itself."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby

from ocpperf_mcp.report.model import Claim, Column, Finding, MetricSource, Report, Section, Table, Value
from ocpperf_mcp.report.narrative_words import author_words, paragraphs, step_words

Cell = str | float | int | datetime | None
"""Moments are UTC without a zone, since workbooks know none."""
Row = tuple[Cell, ...]

_NONE = frozenset({"", "-"})
"""How a report shows that there is nothing."""


@dataclass(frozen=True)
class FlatTable:
    """`name` is unique within a report; all rows are as long as `titles`."""

    name: str
    titles: tuple[str, ...]
    rows: tuple[Row, ...]


def flat_tables(report: Report) -> tuple[FlatTable, ...]:
    """Summary and findings first, then every section, and what the numbers rest on."""
    return (
        _summary(report),
        _states(report),
        _findings(report),
        _events(report),
        *(table for section in report.sections for table in _of_section(section)),
        _claims(report),
        _metrics(report),
    )


def guarded(text: str) -> str:
    """A text that no spreadsheet takes for a formula when it reads it from a file."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def _summary(report: Report) -> FlatTable:
    facts: list[Row] = [
        ("title", report.title),
        ("state", report.state),
        ("window start (UTC)", _moment(report.window.start)),
        ("window end (UTC)", _moment(report.window.end)),
    ]
    if report.against is not None:
        facts += [
            ("compared with, start (UTC)", _moment(report.against.start)),
            ("compared with, end (UTC)", _moment(report.against.end)),
        ]
    if report.narrative is not None:
        facts += [("in words", text) for text in paragraphs(report.narrative)]
        facts += [("step", step_words(step)) for step in report.narrative.steps]
        facts.append(("author", author_words(report.narrative)))
    facts += [(sentence.about, sentence.text) for sentence in report.summary]
    return FlatTable("summary", ("About", "What"), (*facts, *(("note", note) for note in report.notes)))


def _states(report: Report) -> FlatTable:
    titles = ("Cluster", "Analyzer", "State", "Critical", "Warning", "Info", "Acknowledged", "Rules", "Why")
    rows = (
        (
            one.cluster,
            one.analyzer,
            one.state,
            one.critical,
            one.warning,
            one.info,
            one.acknowledged,
            one.rules,
            one.reason,
        )
        for one in report.states
    )
    return FlatTable("states", titles, tuple(rows))


_FINDING: Sequence[tuple[str, Callable[[Finding], Cell]]] = (
    ("Id", lambda one: one.finding_id),
    ("Cluster", lambda one: one.cluster),
    ("Severity", lambda one: one.severity),
    ("Rule", lambda one: one.rule),
    ("Analyzer", lambda one: one.analyzer),
    ("Metric", lambda one: one.metric),
    ("Kind of thing", lambda one: one.entity_kind),
    ("Thing", lambda one: one.entity),
    ("Node", lambda one: one.node),
    ("Start (UTC)", lambda one: _moment(one.start)),
    ("End (UTC)", lambda one: _moment(one.end)),
    ("Open", lambda one: _yes(one.open)),
    ("Certainty", lambda one: one.certainty),
    ("Observed", lambda one: _number(one.observed.number)),
    ("Limit", lambda one: _number(one.limit.number)),
    ("Unit", lambda one: one.observed.unit or one.limit.unit),
    ("Tier", lambda one: one.tier),
    ("Source of the limit", lambda one: one.source),
    ("Coverage (ratio)", lambda one: one.coverage),
    ("Held (s)", lambda one: one.held_s),
    ("Acknowledged", lambda one: _yes(one.acknowledged)),
    ("Summary", lambda one: one.summary),
    ("Root causes", lambda one: " ".join(cause.statement for cause in one.root_causes)),
    ("Claim", lambda one: one.observed.claim),
)
_CLAIM: Sequence[tuple[str, Callable[[Claim, MetricSource | None], Cell]]] = (
    ("Claim", lambda one, _: one.claim_id),
    ("Cluster", lambda one, _: one.cluster),
    ("Metric", lambda one, _: one.metric),
    ("Statistic", lambda one, _: one.statistic),
    ("Kind of thing", lambda one, _: one.entity_kind),
    ("Thing", lambda one, _: one.entity),
    ("Part", lambda one, _: one.part),
    ("Window start (UTC)", lambda one, _: _moment(one.window.start)),
    ("Window end (UTC)", lambda one, _: _moment(one.window.end)),
    ("Value", lambda one, _: _number(one.value)),
    ("Unit", lambda one, _: one.unit),
    ("Samples expected", lambda one, _: one.samples_expected),
    ("Samples found", lambda one, _: one.samples_found),
    ("Step (s)", lambda _, source: source.step_s if source else None),
    ("PromQL", lambda _, source: source.expression if source else None),
    ("Hashes of the expression", lambda one, _: " ".join(one.expr_hashes)),
    ("Read from", lambda one, _: one.relation),
)
_METRIC: Sequence[tuple[str, Callable[[MetricSource], Cell]]] = (
    ("Cluster", lambda one: one.cluster),
    ("Metric", lambda one: one.metric),
    ("Title", lambda one: one.title),
    ("Domain", lambda one: one.domain),
    ("Kind", lambda one: one.kind),
    ("Unit", lambda one: one.unit),
    ("PromQL", lambda one: one.expression),
    ("Step (s)", lambda one: one.step_s),
    ("Hash of the expression", lambda one: one.expr_hash),
    ("Description", lambda one: one.description),
)


def _findings(report: Report) -> FlatTable:
    rows = tuple(tuple(cell(one) for _, cell in _FINDING) for one in report.findings)
    return FlatTable("findings", tuple(title for title, _ in _FINDING), rows)


def _events(report: Report) -> FlatTable:
    rows = tuple(
        (one.cluster, _moment(one.start), one.end and _moment(one.end), one.kind, one.entity, one.node, one.summary)
        for one in report.events
    )
    return FlatTable("events", ("Cluster", "Start (UTC)", "End (UTC)", "Kind", "Thing", "Node", "What"), rows)


def _claims(report: Report) -> FlatTable:
    sources = {(one.cluster, one.metric): one for one in report.metrics}
    rows = tuple(
        tuple(cell(one, sources.get((one.cluster, one.metric))) for _, cell in _CLAIM) for one in report.claims
    )
    return FlatTable("claims", tuple(title for title, _ in _CLAIM), rows)


def _metrics(report: Report) -> FlatTable:
    rows = tuple(tuple(cell(one) for _, cell in _METRIC) for one in report.metrics)
    return FlatTable("metrics", tuple(title for title, _ in _METRIC), rows)


def _of_section(section: Section) -> Iterator[FlatTable]:
    """Tables of the same columns become one, with a column that tells them apart."""
    by_columns = groupby(section.tables, key=lambda table: table.columns)
    for place, (columns, found) in enumerate(by_columns):
        tables = list(found)
        name = section.key if place == 0 else f"{section.key}-{tables[0].key}"
        yield _joined(name, columns, tables)


def _joined(name: str, columns: Sequence[Column], tables: Sequence[Table]) -> FlatTable:
    rows = [(table.title, row) for table in tables for row in table.rows]
    written = [list(_column(column, [row[place] for _, row in rows])) for place, column in enumerate(columns)]
    titles = ("Table", *(title for part in written for title, _ in part), "Marks", "Claims")
    cells = [
        (
            title,
            *(cells[number] for part in written for _, cells in part),
            " ".join(dict.fromkeys(mark for value in row for mark in value.marks)),
            " ".join(value.claim for value in row if value.claim),
        )
        for number, (title, row) in enumerate(rows)
    ]
    return FlatTable(name, titles, tuple(cells))


def _column(column: Column, values: Sequence[Value]) -> Iterator[tuple[str, list[Cell]]]:
    """One column, and beside numbers their units where they differ, and their texts where these say more."""
    if column.kind == "moment":
        yield f"{column.title} (UTC)", [value.moment and _moment(value.moment) for value in values]
        return
    if column.kind == "text":
        yield column.title, [value.text for value in values]
        return
    units = {value.unit for value in values if value.number is not None}
    one_unit = next(iter(units)) if len(units) == 1 else ""
    yield (
        f"{column.title} ({one_unit.replace('_', ' ')})" if one_unit else column.title,
        [_number(value.number) if value.number is not None else _said(value.text) for value in values],
    )
    if len(units) > 1:
        yield f"{column.title}, unit", [value.unit or None for value in values]
    if any("(" in value.text or " of " in value.text for value in values):
        yield f"{column.title}, as shown", [_said(value.text) for value in values]


def _said(text: str) -> str | None:
    return None if text in _NONE else text


def _number(number: float | None) -> float | str | None:
    """As text where workbooks know no such number."""
    return number if number is None or math.isfinite(number) else str(number)


def _moment(when: datetime) -> datetime:
    return when.astimezone(UTC).replace(tzinfo=None)


def _yes(fact: bool) -> str:
    return "yes" if fact else "no"
