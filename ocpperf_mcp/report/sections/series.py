"""How one thing's metric moved, for a chart: the thing, others of its kind, the thing in the comparison window."""

from dataclasses import dataclass
from math import ceil

from ocpperf_mcp.report.model import Chart, Line, ObjectiveVerdict, Span
from ocpperf_mcp.report.reading import Reading, naive, ranked

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
        entity_kind, entity, part,
        {ranked("case when $better = 'higher' then -min(value) else max(value) end")} as worst,
        entity_kind = $entity_kind and entity = $entity and part = coalesce($part, part) as is_asked
    from points
    group by entity_kind, entity, part
    qualify row_number() over (order by is_asked desc, worst desc, entity_kind, entity, part) <= $most
)

select entity_kind, concat_ws(' ', entity, nullif(part, '')) as label, ts, value
from points
join things using (entity_kind, entity, part)
order by is_asked desc, worst desc, entity_kind, label, ts
"""
_METRIC = """
select
    title, unit, quantile_of, kind, better,
    (select source from window_source([$metric], $t0::timestamp, $t1::timestamp)) as source
from dim_metric
where metric = $metric
"""

Key = tuple[str, str]
Values = tuple[float | None, ...]


@dataclass(frozen=True)
class Subject:
    """What a chart is of: a metric of a thing, and the limit it is held against; `part` None is any of its parts."""

    metric: str
    entity_kind: str
    entity: str
    limit: float | None
    limit_label: str
    part: str | None = None
    node: str | None = None
    findings: tuple[str, ...] = ()
    verdict: ObjectiveVerdict | None = None

    @property
    def thing(self) -> str:
        return f"{self.entity} {self.part or ''}".strip()


def chart_of(reading: Reading, subject: Subject) -> Chart | None:
    """None where the catalogue does not have the metric, or nothing of it was measured in the window."""
    described = reading.rows(_METRIC, metric=subject.metric)
    if not described:
        return None
    row = described[0]
    width_s = width_of(reading.window, least_s=_HOUR_S if row["source"] == "hours" else 0)
    lines = _lines(reading, subject, row["better"], reading.window, width_s, most=1 + _PEERS)
    if not lines:
        return None
    before = {}
    if reading.against:
        before = _lines(reading, subject, row["better"], reading.against, width_s, most=1)
    is_latency = row["kind"] == "histogram"
    return Chart(
        key=f"{subject.metric} {subject.entity_kind} {subject.thing}",
        title=f"{row['title']}, {subject.thing}",
        metric=subject.metric,
        unit=row["unit"],
        statistic="P99" if is_latency else "worst 5 minutes" if row["quantile_of"] else "mean",
        window=reading.window,
        width_s=width_s,
        lines=tuple(
            Line(label=thing[1], values=values, before=before.get(thing, ())) for thing, values in lines.items()
        ),
        limit=subject.limit,
        limit_label=subject.limit_label,
        node=subject.node,
        verdict=subject.verdict,
        findings=subject.findings,
    )


def width_of(window: Span, least_s: int = 0) -> int:
    """Seconds of a piece, so that a chart has at most 150 of them and none is shorter than what is left of old data."""
    wanted = max((window.end - window.start).total_seconds() / _POINTS, least_s)
    return next((width for width in _WIDTHS_S if width >= wanted), ceil(wanted / _WIDTHS_S[-1]) * _WIDTHS_S[-1])


def _lines(reading: Reading, subject: Subject, better: str, window: Span, width_s: int, most: int) -> dict[Key, Values]:
    pieces = ceil((window.end - window.start).total_seconds() / width_s)
    start = naive(window.start)
    lines: dict[Key, list[float | None]] = {}
    found = reading.rows(
        _SERIES,
        metric=subject.metric,
        entity_kind=subject.entity_kind,
        entity=subject.entity,
        part=subject.part,
        better=better,
        width_s=width_s,
        most=most,
        **{"from": start, "to": naive(window.end)},
    )
    for row in found:
        line = lines.setdefault((row["entity_kind"], row["label"]), [None] * pieces)
        line[int((row["ts"] - start).total_seconds() // width_s)] = row["value"]
    return {thing: tuple(line) for thing, line in lines.items()}
