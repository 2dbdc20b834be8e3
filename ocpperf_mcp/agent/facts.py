"""What a report states, as facts that prose is held against.

Figures are taken from typed values and from our own sentences, never from names and labels: whoever can name a pod
could otherwise plant a figure.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Literal

from ocpperf_mcp.agent.figures import Figure, blanked, figures, moments
from ocpperf_mcp.agent.units import COUNT, SHARE, TIME, TIMES, stored
from ocpperf_mcp.report.model import Column, Finding, Report, Section, Table, Value
from ocpperf_mcp.report.words import facts_of

Role = Literal["level", "limit", "before", "other"]
_ROLES: Mapping[str, Role] = {"objective": "limit", "before": "before"}
_TOLD = frozenset({"hours", "things"})
"""Columns of texts that are our own words; other texts of cells are names."""
_NAMES = frozenset({"thing", "node", "entity"})
_SPLIT = frozenset({"pod", "device"})
_PLAIN = frozenset(
    re.findall(
        r"\w+",
        "of the a an and or in on by to for is was per with than it its not no too at all time times rate node nodes "
        "were be been could got each did what over under limit limits member device pod worst sample five minute "
        "second seconds s highest lowest mean total number level objective reached",
    )
)
_LIKE_A_NAME = re.compile(r"[\d-]")
"""A namespace may be an English word; only what none looks like is a name by itself."""
_WORD = re.compile(r"[a-z][a-z0-9]*")
_PAIR = re.compile(r"\b(\d+) of (?:the |its )?(\d+)\b")
NUMBER_AND_WORDS = re.compile(
    r"(?<![\d.,])\b(\d+)\b(?![.,]\d|\s*(?:%|of\b|:))(?:\s+([a-z]+))?(?:\s+([a-z]+))?(?:\s+([a-z]+))?", re.I
)


@dataclass(frozen=True)
class Amount:
    """`value` is in the base unit of the dimension, rounded as the report shows it or exact."""

    value: float
    dimension: str
    role: Role = "level"


@dataclass(frozen=True)
class Fact:
    """What the report says of some things; without things it is said of the whole window."""

    things: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    """Of the metric's title, the rule and the statistic."""
    causes: frozenset[str] = frozenset()
    amounts: tuple[Amount, ...] = ()
    moments: tuple[datetime, ...] = ()
    text: str = ""
    """Our own sentence, where the fact has one, without names."""
    finding: Finding | None = None
    is_missed: bool = False
    is_met: bool = False

    @property
    def change(self) -> tuple[float, float] | None:
        """Level before and after, where both are known."""
        before = [one.value for one in self.amounts if one.role == "before"]
        after = [one.value for one in self.amounts if one.role == "level"]
        return (before[0], after[0]) if before and after else None


@dataclass(frozen=True)
class Facts:
    """All of a report's facts, and the names that its prose may use."""

    report: Report
    facts: tuple[Fact, ...]
    things: frozenset[str]
    """Nodes, pods, devices and the like, and the parts of their names."""
    titles: frozenset[str]
    """Words of all titles and rules."""
    words: frozenset[str]
    """Those, and the words of causes."""
    counts: Mapping[str, frozenset[int]] = field(default_factory=dict)
    pairs: frozenset[tuple[int, int]] = frozenset()
    """Of `2 of 4`."""
    sources: frozenset[str] = frozenset()
    """Who published limits: quoted, they say nothing of the thing in the sentence."""
    vocabulary: frozenset[str] = frozenset()
    commands: tuple[str, ...] = ()


def facts_in(report: Report) -> Facts:
    """Everything that prose about the report may say."""
    things = frozenset(_things(report))
    told = tuple(_own_sentences(report))
    facts = (_whole(report), *_of_findings(report, things), *_of_events(report), *_of_tables(report, things))
    return Facts(
        report=report,
        facts=facts,
        things=things,
        titles=frozenset(word for fact in facts for word in fact.words),
        words=frozenset(word for fact in facts for word in fact.words | fact.causes),
        counts=_counts((*told, *_of_comparison(report))),
        pairs=frozenset(pair for text in (*told, *_cells(report)) for pair in _pairs(text)),
        sources=frozenset(one.source for one in report.findings if one.source),
        vocabulary=frozenset(re.findall(r"[\w.:@/|-]*\w", report.model_dump_json(exclude={"narrative"}).lower())),
        commands=tuple(_commands(report)),
    )


def title_words(text: str) -> frozenset[str]:
    """Words by which a metric, a rule or a cause is recognised."""
    return frozenset(_WORD.findall(text.lower())) - _PLAIN


def name_spans(text: str, names: frozenset[str]) -> list[tuple[int, int, str]]:
    """Where names stand in a text, from left to right, the longest where several begin."""
    pattern = _any_of(names)
    return [] if pattern is None else [(*match.span(), match[0]) for match in pattern.finditer(text)]


@lru_cache(maxsize=8)
def _any_of(names: frozenset[str]) -> re.Pattern[str] | None:
    longest_first = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return re.compile(rf"(?<![\w-])(?:{longest_first})(?![\w]|[-/]\w)") if names else None


def _things(report: Report) -> Iterator[str]:
    for finding in report.findings:
        yield from _named(finding.entity_kind, finding.entity, finding.node)
    for claim in report.claims:
        yield from _named(claim.entity_kind, claim.entity, None)
    for event in report.events:
        yield from filter(None, (event.node,))
    for table, row in _rows(report):
        for column, value in zip(table.columns, row, strict=True):
            if column.key in _NAMES and value.text:
                yield value.text


def _named(kind: str, entity: str, node: str | None) -> Iterator[str]:
    if kind != "cluster":
        yield from filter(None, (entity, node))
    if kind in _SPLIT:
        yield from filter(_LIKE_A_NAME.search, entity.split("/"))


def _own_sentences(report: Report) -> Iterator[str]:
    yield from facts_of(report)
    yield from (one.text for one in report.summary if one.about in ("state", "certainty"))
    yield from (one.reason for one in report.states)
    yield from report.notes
    yield from (text for section in report.sections for text in section.text)


def _of_comparison(report: Report) -> Iterator[str]:
    """It counts what got worse, and repeats levels of one thing, which are no levels of the whole."""
    yield from (one.text for one in report.summary if one.about == "changed")


def _whole(report: Report) -> Fact:
    """Of the window and the data under it."""
    amounts = [amount for text in _own_sentences(report) for amount in _said(text, "other")]
    amounts += [Amount(one.judged, SHARE, "other") for one in report.states]
    amounts += [Amount(one.coverage, SHARE, "other") for one in report.data if one.coverage is not None]
    spans = [span for span in (report.window, report.against) if span is not None]
    amounts += [Amount((span.end - span.start).total_seconds(), TIME, "other") for span in spans]
    known = [one.as_of for one in report.data if one.as_of is not None]
    return Fact(amounts=tuple(amounts), moments=(*(at for span in spans for at in (span.start, span.end)), *known))


def _of_findings(report: Report, things: frozenset[str]) -> Iterator[Fact]:
    titles = {one.metric: one.title for one in report.metrics}
    for one in report.findings:
        text = nameless(nameless(one.summary, things), frozenset(filter(None, (one.source,))))
        lasted = (one.end - one.start).total_seconds()
        amounts = [
            *_typed(one.observed, "level"), *_typed(one.limit, "limit"), Amount(one.held_s, TIME, "other"),
            Amount(lasted, TIME, "other"), *_said(text, "other", bare=False),
            *(amount for cause in one.root_causes
              for amount in _said(nameless(cause.statement, things), "other", bare=False)),
        ]  # fmt: skip
        # What the summary repeats of the limit stays a limit.
        limits = {amount.value for amount in amounts if amount.role == "limit"}
        amounts = [each for each in amounts if each.role != "other" or each.value not in limits]
        if one.coverage is not None:
            amounts.append(Amount(one.coverage, SHARE, "other"))
        if one.observed.number and one.limit.number:
            amounts.append(Amount(one.observed.number / one.limit.number, TIMES, "other"))
        yield Fact(
            things=frozenset(_named(one.entity_kind, one.entity, one.node)),
            words=title_words(f"{titles.get(one.metric, '')} {one.metric} {one.rule}") | percentiles(text),
            causes=frozenset(word for cause in one.root_causes for word in title_words(cause.title)),
            amounts=tuple(amounts),
            moments=_moments(one, text),
            text=text,
            finding=one,
        )


def _moments(finding: Finding, text: str) -> tuple[datetime, ...]:
    """Start and end; where its sentence tells others, as of a breach within the episode, those too."""
    said, date = [], f"{finding.start:%Y-%m-%d}"
    for one in moments(text):
        date = one.date or date
        said.append(datetime.fromisoformat(f"{date}T{one.clock or '00:00'}+00:00"))
    known = (finding.start, finding.end)
    minutes = {f"{at:%Y-%m-%dT%H:%M}" for at in known}
    return (*known, *(at for at in said if f"{at:%Y-%m-%dT%H:%M}" not in minutes))


def _of_events(report: Report) -> Iterator[Fact]:
    for one in report.events:
        things = frozenset(filter(None, (one.node, "" if one.entity == one.cluster else one.entity)))
        ends = (one.end,) if one.end else ()
        lasted = (Amount((one.end - one.start).total_seconds(), TIME, "other"),) if one.end else ()
        yield Fact(things=things, words=title_words(one.kind), amounts=lasted, moments=(one.start, *ends))


def _of_tables(report: Report, things: frozenset[str]) -> Iterator[Fact]:
    for section in report.sections:
        for table in section.tables:
            for row in table.rows:
                yield _of_row(section, table, row, things)


def _of_row(section: Section, table: Table, row: tuple[Value, ...], things: frozenset[str]) -> Fact:
    cells = list(zip(table.columns, row, strict=True))
    by_key = {column.key: value.text for column, value in cells}
    named = frozenset(
        name for column, value in cells if column.key in _NAMES for _, _, name in name_spans(value.text, things)
    ) | frozenset(value.text for column, value in cells if column.key in _NAMES and value.text)
    told = " ".join(by_key.get(key, "") for key in ("metric", "alert", "rule"))
    return Fact(
        things=named,
        words=title_words(told) | percentiles(f"{told} {by_key.get('statistic', '')}"),
        amounts=tuple(amount for column, value in cells for amount in _of_cell(column, value)),
        moments=tuple(value.moment for value in row if value.moment is not None),
        is_missed="missed" in (by_key.get("verdict"), by_key.get("status")),
        is_met="met" in (by_key.get("verdict"), by_key.get("status")),
        text=table.key if section.key == "changes" else "",
    )


def _of_cell(column: Column, value: Value) -> Iterator[Amount]:
    if column.key == "ratio" and value.number is not None:
        yield Amount(value.number, TIMES, "other")
    elif column.key == "minutes" and value.number is not None:
        yield Amount(value.number * 60, TIME, "other")
    elif value.number is not None:
        yield from _typed(value, _ROLES.get(column.key, "level"))
    elif column.key in _TOLD:
        yield from _said(value.text, "other")


def _typed(value: Value, role: Role) -> Iterator[Amount]:
    """The exact number and the one that is shown."""
    if value.number is None or value.unit in ("boolean", "unix_seconds"):
        return
    unit = stored(value.unit)
    yield Amount(value.number * unit.factor, unit.dimension, role)
    yield from (Amount(one.value, one.dimension, role) for one in figures(_clock_free(value.text))[:1])


def _said(text: str, role: Role, *, bare: bool = True) -> Iterator[Amount]:
    found: tuple[Figure, ...] = figures(_clock_free(text))
    yield from (Amount(one.value, one.dimension, role) for one in found if bare or one.dimension != COUNT)


def _clock_free(text: str) -> str:
    return blanked(text, [(one.at, one.end) for one in moments(text)])


def nameless(text: str, names: frozenset[str]) -> str:
    return blanked(text, [(start, end) for start, end, _ in name_spans(text, names)])


def percentiles(text: str) -> frozenset[str]:
    """`p99` of P99, 99th percentile and the like; the median is p50."""
    found = {
        f"p{digits}"
        for digits in re.findall(r"\bp(\d{2,3})\b|\b(\d{2})th percentile", text.lower())
        for digits in digits
        if digits
    }
    return frozenset(found | ({"p50"} if re.search(r"\bmedian\b", text, re.I) else set()))


def _counts(told: Iterable[str]) -> Mapping[str, frozenset[int]]:
    """By word the numbers that our sentences give it: the words after a number, and those of its sentence before."""
    found: dict[str, set[int]] = defaultdict(set)
    for text in told:
        for sentence in re.split(r"(?<=[.;])\s", _clock_free(text)):
            for match in NUMBER_AND_WORDS.finditer(sentence):
                words = [*match.groups("")[1:], *_nouns(sentence[: match.start()])]
                for word in filter(None, map(singular, words)):
                    found[word].add(int(match[1]))
    return {word: frozenset(numbers) for word, numbers in found.items() if word not in _PLAIN}


def _nouns(before: str) -> list[str]:
    """Of `of 4 published objectives: 2 met` the objectives count for the second number too."""
    counted = re.findall(r"\d+ (?:[a-z]+ )?([a-z]+s)\b", before)
    return counted[-1:]


def singular(word: str) -> str:
    lowered = word.lower()
    return lowered[:-1] if lowered.endswith("s") and not lowered.endswith("ss") else lowered


def _pairs(text: str) -> Iterator[tuple[int, int]]:
    yield from ((int(match[1]), int(match[2])) for match in _PAIR.finditer(_clock_free(text)))


def _cells(report: Report) -> Iterator[str]:
    for table, row in _rows(report):
        yield from (value.text for column, value in zip(table.columns, row, strict=True) if column.key in _TOLD)


def _rows(report: Report) -> Iterator[tuple[Table, tuple[Value, ...]]]:
    yield from ((table, row) for section in report.sections for table in section.tables for row in table.rows)


def _commands(report: Report) -> Iterator[str]:
    for one in report.findings:
        yield from (action.command for action in one.actions if action.command)
        yield from (cause.check_command for cause in one.root_causes if cause.check_command)
