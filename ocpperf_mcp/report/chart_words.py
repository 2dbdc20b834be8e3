"""What a chart shows, in words, for those who do not see it."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from math import isfinite
from statistics import quantiles

from ocpperf_mcp.report.model import Chart, Event, Finding
from ocpperf_mcp.report.quantity import quantity
from ocpperf_mcp.report.words import moment_words, span_words

_FEW = 5


def moment_of(chart: Chart, piece: int) -> datetime:
    """Where a piece of the chart begins."""
    return chart.window.start + timedelta(seconds=piece * chart.width_s)


def described(chart: Chart, findings: tuple[Finding, ...], events: tuple[Event, ...]) -> str:
    """Range, worst, limit, gaps and what else is drawn, in that order."""
    return " ".join(_sentences(chart, findings, events))


def middle_of(chart: Chart) -> tuple[float, float] | None:
    """Between which values eight of ten pieces of the comparison window lay; None of few, or where all were alike.

    Outliers, such as the hour of a fault, make no band.
    """
    known = [value for value in chart.lines[0].before if value is not None and isfinite(value)]
    if len(known) < _FEW or min(known) == max(known):
        return None
    low, *_, high = quantiles(known, n=10, method="inclusive")
    return low, high


def legend_of(chart: Chart) -> Mapping[str, str]:
    """Kinds of line that are drawn, each with its words."""
    first, *peers = chart.lines
    words = {"line": f"{first.label}, {chart.statistic}"}
    if any(value is not None for value in first.before):
        shaded = ", its middle 80 % shaded" if middle_of(chart) else ""
        words["before"] = f"the same in the comparison window{shaded}"
    if peers:
        words["peer"] = ", ".join(peer.label for peer in peers)
    if chart.limit is not None:
        words["limit"] = f"limit {chart.limit_label}"
    return words


def _sentences(chart: Chart, findings: tuple[Finding, ...], events: tuple[Event, ...]) -> Iterator[str]:
    first, *peers = chart.lines
    known = [(value, piece) for piece, value in enumerate(first.values) if value is not None]
    yield f"{chart.title}: {chart.statistic} of each {_width(chart.width_s)}, {span_words(chart.window)}."
    if not known:
        yield "No data."
        return
    (lowest, _), (highest, at) = min(known), max(known, key=lambda found: (found[0], -found[1]))
    yield (
        f"Between {quantity(lowest, chart.unit)} and {quantity(highest, chart.unit)}, "
        f"highest at {moment_words(moment_of(chart, at))}."
    )
    if findings:
        yield f"Worst found: {findings[0].observed.text}."
    if chart.limit is not None:
        yield f"Limit: {chart.limit_label or quantity(chart.limit, chart.unit)}."
    if chart.verdict is not None:
        yield f"Objective {chart.verdict}."
    if missing := len(first.values) - len(known):
        yield f"No data in {missing} of {len(first.values)} pieces, drawn as gaps."
    if before := [value for value in first.before if value is not None]:
        low, high = quantity(min(before), chart.unit), quantity(max(before), chart.unit)
        yield f"In the comparison window between {low} and {high}."
    if peers:
        yield f"Beside it: {', '.join(peer.label for peer in peers)}."
    if events:
        yield f"Marked: {'; '.join(f'{moment_words(event.start)} {event.kind}' for event in events)}."


def _width(seconds: int) -> str:
    for size, name in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds % size == 0:
            return name if seconds == size else f"{seconds // size} {name}s"
    return f"{seconds} seconds"
