"""A report as one HTML page that stands alone: no request, no script but one of its own, both colour schemes.

Whatever comes from the warehouse is escaped by the templates; a Content-Security-Policy lets nothing else run.
"""

from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from ocpperf_mcp.report.chart_words import legend_of
from ocpperf_mcp.report.charts import drawn
from ocpperf_mcp.report.model import Column, Event, Finding, Report, Sentence, Table, Value
from ocpperf_mcp.report.narrative_words import TITLE, author_words, paragraphs, step_words
from ocpperf_mcp.report.origins import Origin, origins
from ocpperf_mcp.report.printable import printable
from ocpperf_mcp.report.words import certainty_words, events_of, facts_of, moment_words, parted, when_words

PRINTED_ROWS = 6
"""Of a table on paper, where marked rows come first; the page and the workbook have all."""
_NO_CAUSE = "No finding of critical or warning severity has a cause that its signs speak for."
_SHORT_NUMBER, _SHORT_TEXT, _LONG_TEXT = 19, 12, 40
"""Signs: what is short stays on one line, what is long gets room."""
_SEVERE = frozenset({"critical", "warning"})

Row = tuple[Value, ...]


@dataclass(frozen=True)
class Answer:
    """What the summary says to one question; `otherwise` where it says nothing."""

    about: str
    title: str
    sentences: Sequence[Sentence]
    otherwise: str


@dataclass(frozen=True)
class PrintedRow:
    """`anchor` is where its numbers' origin stands on the page; the cell at `linked` leads there."""

    cells: Row
    linked: int | None = None
    anchor: str = ""


@dataclass(frozen=True)
class Printing:
    """How tables stand on one page."""

    anchors: Mapping[str, str]
    """By claim."""
    most: int | None
    """Rows of a table; None for all."""

    def rows(self, table: Table) -> Sequence[PrintedRow]:
        """Where there are more than fit, the marked ones are kept first."""
        metric = next((place for place, column in enumerate(table.columns) if column.key == "metric"), None)
        return [self._row(row, metric) for row in _fitting(table, self.most)]

    def _row(self, row: Row, metric: int | None) -> PrintedRow:
        for place, value in enumerate(row):
            if value.claim is not None and value.claim in self.anchors:
                return PrintedRow(row, place if metric is None else metric, self.anchors[value.claim])
        return PrintedRow(row)


def html(report: Report) -> str:
    """The page, for a screen. Raises OcpperfError where the charts' library is not installed."""
    return page(report)


def page(report: Report, *, is_print: bool = False) -> str:
    """For a screen; or for paper: in one colour scheme, without folds, tables no longer than PRINTED_ROWS."""
    most = PRINTED_ROWS if is_print else None
    anchored = [(f"m{place}", one) for place, one in enumerate(_shown_origins(report, most))]
    charts = drawn(report, in_variables=not is_print)
    script = _part("report.js")
    to_do, others = parted(report.sections)
    return (
        _environment()
        .get_template("report.html")
        .render(
            report=report,
            **_narrated(report),
            is_print=is_print,
            css=_part("report.css") + (_part("paper.css") if is_print else ""),
            script=script,
            script_hash=f"sha256-{b64encode(sha256(script.encode()).digest()).decode()}",
            facts=facts_of(report),
            answers=_answers(report),
            contents=list(_contents(report, "" in charts)),
            told=[one for one in report.findings if not one.acknowledged],
            acknowledged=[one for one in report.findings if one.acknowledged],
            first_of_rule=_first_of_rule(report.findings),
            none_found=_none_found(report),
            charts=charts,
            to_do=to_do,
            others=others,
            events=_events(report),
            anchored=anchored,
            catalogues=sorted({one.catalogue for one in report.data if one.catalogue}),
            printing=Printing(_anchors(anchored), most),
        )
    )


def _narrated(report: Report) -> Mapping[str, object]:
    """What the template says of the narrative, where there is one."""
    if report.narrative is None:
        return {}
    return {
        "narrative_title": TITLE,
        "narrative_paragraphs": list(paragraphs(report.narrative)),
        "narrative_steps": list(map(step_words, report.narrative.steps)),
        "narrative_author": author_words(report.narrative),
    }


def _answers(report: Report) -> Iterator[Answer]:
    """Healthy or not, what is worst, what changed, why, what to do, how sure: always all of them."""
    is_known = _is_known(report)
    questions = (
        ("state", "State", ""),
        ("worst", "Worst", "No finding of critical or warning severity." if is_known else "Not known."),
        ("changed", "Changed", "Not compared." if report.against else "Not compared with another window."),
        ("cause", "Why", _NO_CAUSE if is_known else "Not known."),
        ("action", "Do first", "Nothing follows from the findings." if is_known else "Not known."),
        ("certainty", "How sure", ""),
    )
    for about, title, otherwise in questions:
        yield Answer(about, title, [one for one in report.summary if one.about == about], otherwise)


def _is_known(report: Report) -> bool:
    """Whether anything of the window was collected."""
    return any(one.hours_collected for one in report.data)


def _none_found(report: Report) -> str:
    """What is said in place of findings; of a cluster without data it must not sound like health."""
    if report.findings:
        return "None but what is acknowledged."
    return "None." if _is_known(report) else "None, since nothing was collected that could be judged."


def _contents(report: Report, charts_of_none: bool) -> Iterator[tuple[str, str]]:
    """Headings of the page and their anchors, in order."""
    yield "findings", "Findings"
    to_do, others = parted(report.sections)
    yield from ((f"s-{section.key}", section.title) for section in to_do)
    if any(one.acknowledged for one in report.findings):
        yield "acknowledged", "Acknowledged"
    if charts_of_none:
        yield "charts", "Charts"
    if report.events:
        yield "events", "Events"
    yield from ((f"s-{section.key}", section.title) for section in others)
    yield "sources", "Where the numbers come from"


def _first_of_rule(findings: Sequence[Finding]) -> Mapping[str, str]:
    """By rule the first finding: there stands what all of the rule share."""
    first: dict[str, str] = {}
    for finding in findings:
        first.setdefault(finding.rule, finding.finding_id)
    return first


def _events(report: Report) -> Table:
    columns = (
        Column(key="start", title="When (UTC)", kind="moment"),
        Column(key="end", title="Until (UTC)", kind="moment"),
        Column(key="kind", title="Kind"),
        Column(key="what", title="What"),
    )
    rows = tuple(map(_event, events_of(report)))
    return Table(key="events", title="Events", columns=columns, rows=rows, rows_in_all=len(rows))


def _event(event: Event) -> Row:
    return (
        Value(text=moment_words(event.start), moment=event.start),
        Value(text="" if event.end is None else moment_words(event.end), moment=event.end),
        Value(text=event.kind),
        Value(text=event.summary),
    )


def _fitting(table: Table, most: int | None) -> Sequence[Row]:
    """All rows; or as many, the marked ones first."""
    if most is None or len(table.rows) <= most:
        return table.rows
    return sorted(table.rows, key=lambda row: not _is_marked(row))[:most]


def _shown_origins(report: Report, most: int | None) -> Sequence[Origin]:
    """Of what stands on the page."""
    if most is None:
        return origins(report)
    shown = {finding.observed.claim for finding in report.findings} | {
        value.claim
        for section in report.sections
        for table in section.tables
        for row in _fitting(table, most)
        for value in row
    }
    return [one for one in origins(report) if any(claim.claim_id in shown for claim in one.claims)]


def _anchors(anchored: Sequence[tuple[str, Origin]]) -> Mapping[str, str]:
    return {claim.claim_id: anchor for anchor, one in anchored for claim in one.claims}


def _is_marked(row: Row) -> bool:
    return any(_SEVERE.intersection(value.marks) for value in row)


def _classes(value: Value, column: Column, is_print: bool) -> str:
    """How a cell is set: by what it holds and how long that is; its severities colour it."""
    length = len(value.text)
    if column.kind == "number":
        look = ["n", "short"] if length <= _SHORT_NUMBER else ["n"]
    elif column.kind == "moment":
        look = ["short"]
    else:
        look = ["wide"] if length > _LONG_TEXT else ["short"] if is_print and length <= _SHORT_TEXT else []
    return " ".join([*look, *(mark for mark in value.marks if mark in _SEVERE)])


def _marked(table: Table) -> int:
    """Rows with a severity."""
    return sum(map(_is_marked, table.rows))


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("ocpperf_mcp.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "line": printable,
        "moment": moment_words,
        "certainty": certainty_words,
        "when": when_words,
        "sortable": lambda number: f"{number:.6g}",
        "classes": _classes,
        "marked": _marked,
        "legend": legend_of,
    }
    return environment


@cache
def _part(name: str) -> Markup:
    """A file of ours, which needs no escaping."""
    return Markup((files("ocpperf_mcp.report") / "templates" / name).read_text(encoding="utf-8"))
