"""Series of what was found, for charts: the thing, others of its kind, the thing in the comparison window."""

from collections import defaultdict
from collections.abc import Sequence
from math import ceil

from ocpperf_mcp.report.model import Chart, Finding, Line, Span
from ocpperf_mcp.report.reading import Reading, naive, ranked

_MOST = 12
_POINTS = 150
_PEERS = 2
_WIDTHS_S = (300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400)
_SERIES = f"""
with

points as (
    select entity_kind, entity, part, ts, value
    from rpt_series($cluster, [$metric], $from::timestamp, $to::timestamp, to_seconds($width_s))
),

things as (
    select
        entity_kind, entity, part, {ranked("max(value)")} as highest,
        entity_kind = $entity_kind and entity = $entity as is_asked
    from points
    group by entity_kind, entity, part
    qualify row_number() over (order by is_asked desc, highest desc, entity_kind, entity, part) <= $most
)

select concat_ws(' ', entity, nullif(part, '')) as label, is_asked, highest, ts, value
from points
join things using (entity_kind, entity, part)
order by is_asked desc, highest desc, label, ts
"""

_METRIC = """
select title, unit, quantile_of, kind from dim_metric where metric = $metric
"""

Values = tuple[float | None, ...]


def charts(reading: Reading, findings: Sequence[Finding]) -> tuple[Chart, ...]:
    """One for each metric and thing of the findings, in their order, at most a dozen."""
    about: dict[tuple[str, str, str], list[Finding]] = defaultdict(list)
    for finding in findings:
        about[finding.metric, finding.entity_kind, finding.entity].append(finding)
    made = (_chart(reading, key, found) for key, found in list(about.items())[:_MOST])
    return tuple(chart for chart in made if chart is not None)


def _chart(reading: Reading, key: tuple[str, str, str], findings: list[Finding]) -> Chart | None:
    metric, entity_kind, entity = key
    described = reading.rows(_METRIC, metric=metric)
    width_s = width_of(reading.window)
    lines = _lines(reading, key, reading.window, width_s, most=1 + _PEERS)
    if not described or not lines:
        return None
    before = _lines(reading, key, reading.against, width_s, most=1) if reading.against else {}
    row, worst = described[0], findings[0]
    is_latency = row["kind"] == "histogram"
    return Chart(
        key=f"{metric} {entity_kind} {entity}",
        title=f"{row['title']}, {entity}",
        metric=metric,
        unit=row["unit"],
        statistic="P99" if is_latency else "worst 5 minutes" if row["quantile_of"] else "mean",
        window=reading.window,
        width_s=width_s,
        lines=tuple(Line(label=label, values=values, before=before.get(label, ())) for label, values in lines.items()),
        limit=worst.limit.number,
        limit_label=f"{worst.limit.text} ({worst.tier})",
        findings=tuple(finding.finding_id for finding in findings),
    )


def width_of(window: Span) -> int:
    """Seconds of a piece, so that a chart has at most 150 of them."""
    wanted = (window.end - window.start).total_seconds() / _POINTS
    return next((width for width in _WIDTHS_S if width >= wanted), ceil(wanted / _WIDTHS_S[-1]) * _WIDTHS_S[-1])


def _lines(reading: Reading, key: tuple[str, str, str], window: Span, width_s: int, most: int) -> dict[str, Values]:
    metric, entity_kind, entity = key
    pieces = ceil((window.end - window.start).total_seconds() / width_s)
    start = naive(window.start)
    lines: dict[str, list[float | None]] = {}
    found = reading.rows(
        _SERIES,
        metric=metric,
        entity_kind=entity_kind,
        entity=entity,
        width_s=width_s,
        most=most,
        **{"from": start, "to": naive(window.end)},
    )
    for row in found:
        line = lines.setdefault(row["label"], [None] * pieces)
        line[int((row["ts"] - start).total_seconds() // width_s)] = row["value"]
    return {label: tuple(line) for label, line in lines.items()}
