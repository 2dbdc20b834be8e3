"""Series of what was found, for charts: the thing, others of its kind, the thing in the comparison window."""

from collections import defaultdict
from collections.abc import Sequence
from math import ceil

from ocpperf_mcp.report.model import Chart, Finding, Line, Span
from ocpperf_mcp.report.reading import Reading, naive, ranked

_MOST = 12
_POINTS = 150
_PEERS = 2
_HOUR_S = 3600
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

select entity_kind, concat_ws(' ', entity, nullif(part, '')) as label, ts, value
from points
join things using (entity_kind, entity, part)
order by is_asked desc, highest desc, entity_kind, label, ts
"""
_METRIC = """
select
    title, unit, quantile_of, kind,
    (select source from window_source([$metric], $t0::timestamp, $t1::timestamp)) as source
from dim_metric
where metric = $metric
"""

Key = tuple[str, str]
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
    if not described:
        return None
    width_s = width_of(reading.window, least_s=_HOUR_S if described[0]["source"] == "hours" else 0)
    lines = _lines(reading, key, reading.window, width_s, most=1 + _PEERS)
    if not lines:
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
        lines=tuple(
            Line(label=thing[1], values=values, before=before.get(thing, ())) for thing, values in lines.items()
        ),
        limit=worst.limit.number,
        limit_label=f"{worst.limit.text} ({worst.tier})",
        findings=tuple(finding.finding_id for finding in findings),
    )


def width_of(window: Span, least_s: int = 0) -> int:
    """Seconds of a piece, so that a chart has at most 150 of them and none is shorter than what is left of old data."""
    wanted = max((window.end - window.start).total_seconds() / _POINTS, least_s)
    return next((width for width in _WIDTHS_S if width >= wanted), ceil(wanted / _WIDTHS_S[-1]) * _WIDTHS_S[-1])


def _lines(reading: Reading, key: tuple[str, str, str], window: Span, width_s: int, most: int) -> dict[Key, Values]:
    metric, entity_kind, entity = key
    pieces = ceil((window.end - window.start).total_seconds() / width_s)
    start = naive(window.start)
    lines: dict[Key, list[float | None]] = {}
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
        line = lines.setdefault((row["entity_kind"], row["label"]), [None] * pieces)
        line[int((row["ts"] - start).total_seconds() // width_s)] = row["value"]
    return {thing: tuple(line) for thing, line in lines.items()}
