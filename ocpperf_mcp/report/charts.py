"""Charts as SVG, drawn by Vega-Lite: gaps as gaps, the limit, the comparison window, episodes and events.

No browser and no network. An SVG has titles on its marks and no identifiers, so that a page may hold many.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from xml.etree import ElementTree

from markupsafe import Markup

from ocpperf_mcp.report.chart_words import described, middle_of, moment_of
from ocpperf_mcp.report.model import Chart, Event, Finding, Report
from ocpperf_mcp.report.needed import needed
from ocpperf_mcp.report.printable import printable
from ocpperf_mcp.report.quantity import Scale, quantity, scale_of
from ocpperf_mcp.report.words import moment_words

WIDTH, HEIGHT = 460, 130
MOST_EVENTS = 40
"""Marks on one chart; those of the thing's own node come first."""
PALETTE = {
    "soft": "#57606a",
    "grid": "#e4e8ec",
    "line": "#0a5cad",
    "peer": "#9aa5b1",
    "before": "#7d4fa8",
    "limit": "#8a5a01",
    "critical": "#b3261e",
    "warning": "#8a5a00",
    "info": "#0a5cac",
    "event": "#4d5660",
}
"""The light scheme; no colour twice, however near, since a page puts a variable of the name in its place."""
_NAMESPACE = "{http://www.w3.org/2000/svg}"
_VERSION = "6.4"

Row = dict[str, Any]


@dataclass(frozen=True)
class Drawn:
    """A chart as it stands on a page; `words` say what it shows."""

    chart: Chart
    svg: Markup
    words: str
    events: tuple[Event, ...]


def drawn(report: Report, *, in_variables: bool = False) -> dict[str, list[Drawn]]:
    """Charts by the finding under which they stand: the first of those that they are of.

    With `in_variables` their colours are a page's CSS variables, so that both of its colour schemes hold.
    """
    found = {finding.finding_id: finding for finding in report.findings}
    shown: dict[str, list[Drawn]] = {}
    for chart in report.charts:
        findings = tuple(found[one] for one in chart.findings if one in found)
        events = _events(report.events, chart, findings)
        words = printable(described(chart, findings, events))
        first = findings[0].finding_id if findings else ""
        drawing = svg(chart, findings, events, in_variables=in_variables)
        shown.setdefault(first, []).append(Drawn(chart, drawing, words, events))
    return shown


def svg(
    chart: Chart, findings: Sequence[Finding] = (), events: Sequence[Event] = (), *, in_variables: bool = False
) -> Markup:
    """One drawing. Raises OcpperfError where the library is not installed."""
    drawing = needed("vl_convert").vegalite_to_svg(_spec(chart, findings, events), vl_version=_VERSION)
    colours = {colour: f"var(--chart-{name})" for name, colour in PALETTE.items()} if in_variables else {}
    return Markup(_tidied(drawing, colours))


def _spec(chart: Chart, findings: Sequence[Finding], events: Sequence[Event]) -> Row:
    scale = scale_of(max(map(abs, _numbers(chart)), default=0.0), chart.unit)
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "background": None,
        "padding": {"left": 2, "right": 6, "top": 4, "bottom": 2},
        "config": _CONFIG,
        "encoding": {"x": _x(chart)},
        "layer": [
            *_band(chart, scale),
            *_episodes(chart, findings),
            *_events_layer(events),
            *_lines(chart, scale),
            *_limit(chart, scale),
        ],
    }


_CONFIG: Row = {
    "font": "sans-serif",
    "view": {"stroke": None},
    "axis": {
        "aria": False,
        "labelFontSize": 12,
        "labelColor": PALETTE["soft"],
        "titleColor": PALETTE["soft"],
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "gridColor": PALETTE["grid"],
        "domain": False,
        "tickColor": PALETTE["grid"],
    },
}


def _x(chart: Chart) -> Row:
    window = [_ms(chart.window.start), _ms(chart.window.end)]
    days = (chart.window.end - chart.window.start).total_seconds() > 2 * 86_400
    axis = {"title": None, "grid": False, "tickCount": 6, "format": "%b %d" if days else "%H:%M", "labelOverlap": True}
    return {"field": "at", "type": "temporal", "scale": {"type": "utc", "domain": window}, "axis": axis}


def _y(chart: Chart, scale: Scale) -> Row:
    """Numbers in the scale's unit, whose name stands above; of a boolean no and yes."""
    if chart.unit == "boolean":
        axis: Row = {"title": None, "values": [0, 1], "labelExpr": "datum.value ? 'yes' : 'no'"}
        return {"field": "value", "type": "quantitative", "scale": {"domain": [-0.05, 1.05]}, "axis": axis}
    highest = max(map(abs, _numbers(chart)), default=0.0) * scale.factor
    return {
        "field": "value",
        "type": "quantitative",
        "scale": {"zero": True, "nice": True},
        "axis": {
            "title": scale.unit or None,
            "titleAngle": 0,
            "titleAlign": "left",
            "titleAnchor": "end",
            "titleX": 4,
            # Above the plot, since a limit may be its upper edge.
            "titleY": -5,
            "titleBaseline": "bottom",
            "tickCount": 4,
            "format": "~s" if highest >= 1e5 else ",.4~f" if highest >= 0.01 else "~g",
        },
    }


def _lines(chart: Chart, scale: Scale) -> Iterator[Row]:
    """Peers below, the thing above; a value between two gaps is a dot, since a line needs two."""
    first, *peers = chart.lines
    y = _y(chart, scale)
    for peer in peers:
        yield from _line(chart, peer.values, scale, y, {"color": PALETTE["peer"], "strokeWidth": 1})
    if first.before:
        dashed = {"color": PALETTE["before"], "strokeWidth": 1.25, "strokeDash": [2, 2]}
        yield from _line(chart, first.before, scale, y, dashed)
    yield from _line(chart, first.values, scale, y, {"color": PALETTE["line"], "strokeWidth": 1.75})


def _line(chart: Chart, values: Sequence[float | None], scale: Scale, y: Row, look: Row) -> Iterator[Row]:
    points = [
        {"at": _ms(moment_of(chart, piece)), "value": _scaled(value, scale)} for piece, value in enumerate(values)
    ]
    known = [None, *(point["value"] for point in points), None]
    alone = [point for point, before, after in zip(points, known, known[2:], strict=False) if before is after is None]
    broken = {"type": "line", "aria": False, "invalid": "break-paths-show-domains"}
    yield {"data": {"values": points}, "mark": {**broken, **look}, "encoding": {"y": y}}
    if dots := [point for point in alone if point["value"] is not None]:
        dot = {"type": "circle", "aria": False, "size": 14, "opacity": 1, "color": look["color"]}
        yield {"data": {"values": dots}, "mark": dot, "encoding": {"y": y}}


def _limit(chart: Chart, scale: Scale) -> Iterator[Row]:
    value = _scaled(chart.limit, scale)
    if value is None:
        return
    rule = {"type": "rule", "color": PALETTE["limit"], "strokeDash": [5, 3], "strokeWidth": 1.25}
    title = {"value": f"Limit {printable(chart.limit_label)}"}
    yield {
        "data": {"values": [{"value": value}]},
        "mark": rule,
        "encoding": {"x": None, "y": _y(chart, scale), "description": title},
    }


def _band(chart: Chart, scale: Scale) -> Iterator[Row]:
    """Where most of the comparison window lay, as wide as the chart."""
    middle = middle_of(chart)
    if middle is None:
        return
    low, high = middle
    y = _y(chart, scale)
    words = f"Comparison window, the middle 80 %: {quantity(low, chart.unit)} to {quantity(high, chart.unit)}"
    yield {
        "data": {"values": [{"low": _scaled(low, scale), "high": _scaled(high, scale)}]},
        "mark": {"type": "rect", "color": PALETTE["before"], "opacity": 0.1},
        "encoding": {
            "x": None, "y": {**y, "field": "low"}, "y2": {"field": "high"}, "description": {"value": words},
        },
    }  # fmt: skip


def _episodes(chart: Chart, findings: Sequence[Finding]) -> Iterator[Row]:
    for finding in findings:
        start, end = max(finding.start, chart.window.start), min(finding.end, chart.window.end)
        if start < end:
            words = f"{finding.rule}, {moment_words(finding.start)} to {moment_words(finding.end)}"
            yield {
                "data": {"values": [{"at": _ms(start), "until": _ms(end)}]},
                "mark": {"type": "rect", "color": PALETTE[finding.severity], "opacity": 0.13},
                "encoding": {"x2": {"field": "until"}, "description": {"value": printable(words)}},
            }


def _events_layer(events: Sequence[Event]) -> Iterator[Row]:
    for event in events:
        marked = {"data": {"values": [{"at": _ms(event.start)}]}}
        title = {"description": {"value": printable(event.summary)}}
        rule = {"type": "rule", "color": PALETTE["event"], "opacity": 0.35, "aria": False}
        point = {"type": "point", "shape": "triangle-down", "size": 45, "filled": True, "color": PALETTE["event"]}
        yield {**marked, "mark": rule}
        yield {**marked, "mark": {**point, "y": 0, "opacity": 1}, "encoding": title}


def _events(events: Sequence[Event], chart: Chart, findings: Sequence[Finding]) -> tuple[Event, ...]:
    """At most so many, in time; of more, those of the thing's own node and of no node are kept first."""
    nodes = {chart.node, *(finding.node for finding in findings)}
    clusters = {finding.cluster for finding in findings}
    within = [
        event
        for event in events
        if chart.window.start <= event.start < chart.window.end and (not clusters or event.cluster in clusters)
    ]
    near = sorted(within, key=lambda event: event.node is not None and event.node not in nodes)
    return tuple(sorted(near[:MOST_EVENTS], key=lambda event: event.start))


def _numbers(chart: Chart) -> Iterator[float]:
    for line in chart.lines:
        yield from (value for value in (*line.values, *line.before) if value is not None and math.isfinite(value))


def _scaled(value: float | None, scale: Scale) -> float | None:
    """None also where there is no place for it on a chart."""
    return None if value is None or not math.isfinite(value) else value * scale.factor


def _ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def _tidied(drawing: str, colours: Mapping[str, str]) -> str:
    """Without what only Vega's own scripts use; a mark's description becomes its title, which browsers show."""
    root = ElementTree.fromstring(drawing)
    width, height = root.attrib["width"], root.attrib["height"]
    for element in root.iter():
        # HTML knows an SVG's elements without their namespace.
        element.tag = element.tag.removeprefix(_NAMESPACE)
        words = element.attrib.get("aria-label")
        kept = {name: colours.get(value, value) for name, value in element.attrib.items() if not _is_inner(name)}
        element.attrib.clear()
        element.attrib.update(kept)
        if words and element is not root:
            title = ElementTree.SubElement(element, f"{_NAMESPACE}title")
            title.text = words
    _drop_empty(root)
    root.attrib.clear()
    root.attrib.update({"viewBox": f"0 0 {width} {height}", "width": width, "height": height, "aria-hidden": "true"})
    return ElementTree.tostring(root, encoding="unicode")


def _drop_empty(element: ElementTree.Element) -> None:
    """Paths of no extent, which Vega writes as backgrounds."""
    for child in list(element):
        _drop_empty(child)
        if child.tag == "path" and child.attrib.get("d") in (None, "", "M0,0h0v0h0Z"):
            element.remove(child)


def _is_inner(name: str) -> bool:
    return name in ("class", "role", "pointer-events") or name.startswith("aria-")
