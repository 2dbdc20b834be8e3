"""Names of things and words of titles, as they are recognised in a text."""

import re
from collections.abc import Iterator
from functools import lru_cache

from ocpperf_mcp.agent.figures import blanked
from ocpperf_mcp.agent.lexicon import LEXICON
from ocpperf_mcp.report.model import Report, Table, Value

NAMING = frozenset({"thing", "node", "entity"})
"""Columns of tables that hold names."""
_SPLIT = frozenset({"pod", "device"})
_LIKE_A_NAME = re.compile(r"[\d-]")
"""A namespace may be an English word; only what none looks like is a name by itself."""
_WORD = re.compile(r"[a-z][a-z0-9]*")


def names_analyzer(text: str, analyzer: str) -> bool:
    """Whether the text names the analyzer, by its own name or another."""
    others = LEXICON.analyzers.get(analyzer)
    is_own = re.search(rf"\b{re.escape(analyzer)}\b", text, re.IGNORECASE) is not None
    return is_own or (others is not None and others.search(text) is not None)


def title_words(text: str) -> frozenset[str]:
    """Words by which a metric, a rule or a cause is recognised."""
    return frozenset(_WORD.findall(text.lower())) - LEXICON.plain


def percentiles(text: str) -> frozenset[str]:
    """`p99` of P99, 99th percentile and the like; the median is p50."""
    found = {
        f"p{digits}"
        for digits in re.findall(r"\bp(\d{2,3})\b|\b(\d{2})th percentile", text.lower())
        for digits in digits
        if digits
    }
    return frozenset(found | ({"p50"} if re.search(r"\bmedian\b", text, re.I) else set()))


def name_spans(text: str, names: frozenset[str]) -> list[tuple[int, int, str]]:
    """Where names stand in a text, from left to right, the longest where several begin."""
    pattern = _any_of(names)
    return [] if pattern is None else [(*match.span(), match[0]) for match in pattern.finditer(text)]


def nameless(text: str, names: frozenset[str]) -> str:
    return blanked(text, [(start, end) for start, end, _ in name_spans(text, names)])


@lru_cache(maxsize=8)
def _any_of(names: frozenset[str]) -> re.Pattern[str] | None:
    longest_first = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return re.compile(rf"(?<![\w-])(?:{longest_first})(?![\w]|[-/]\w)") if names else None


def things(report: Report) -> Iterator[str]:
    for finding in report.findings:
        yield from named(finding.entity_kind, finding.entity, finding.node)
    for claim in report.claims:
        yield from named(claim.entity_kind, claim.entity, None)
    for event in report.events:
        yield from filter(None, (event.node,))
    for table, row in rows(report):
        for column, value in zip(table.columns, row, strict=True):
            if column.key in NAMING and value.text:
                yield value.text


def named(kind: str, entity: str, node: str | None) -> Iterator[str]:
    if kind != "cluster":
        yield from filter(None, (entity, node))
    if kind in _SPLIT:
        yield from filter(_LIKE_A_NAME.search, entity.split("/"))


def rows(report: Report) -> Iterator[tuple[Table, tuple[Value, ...]]]:
    yield from ((table, row) for section in report.sections for table in section.tables for row in table.rows)
