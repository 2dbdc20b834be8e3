"""How things' metrics moved, for charts: each thing, others of its kind, the thing in the comparison window."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from ocpperf_mcp.report.model import Chart, Line, ObjectiveVerdict, Span
from ocpperf_mcp.report.reading import Reading, Row, naive, ranked
from ocpperf_mcp.report.sections.things import MEASURED

_POINTS = 150
_PEERS = 2
_HOUR_S = 3600
_WIDTHS_S = (300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400)
_SERIES = f"""
with

asked as (
    select
        unnest(range(len($entities))) as place, unnest($entity_kinds) as entity_kind,
        unnest($entities) as entity, unnest($parts::varchar[]) as part
),

peers as (
    select asked.place, thing.entity_kind, thing.entity, thing.part
    from asked
    join {MEASURED} as thing on thing.metric = $metric
        and (thing.entity_kind, thing.entity, thing.part)
            <> (asked.entity_kind, asked.entity, coalesce(asked.part, thing.part))
    qualify row_number() over (
        partition by asked.place order by thing.excess desc, thing.entity_kind, thing.entity, thing.part
    ) <= $peers
),

wanted as (
    select *, true as is_asked from asked
    union all by name
    select *, false as is_asked from peers
),

ids as (
    select list(distinct series.entity_id) as entity_ids
    from wanted
    join dim_series as series on series.cluster = $cluster and series.metric = $metric
        and series.entity_kind = wanted.entity_kind and series.entity = wanted.entity
),

points as (
    select
        wanted.place, wanted.is_asked, found.entity_kind, found.entity, found.part, found.ts, found.value
    from series_of(
        $cluster, [$metric], (select entity_ids from ids),
        $from::timestamp, $to::timestamp, to_seconds($width_s)
    ) as found
    join wanted on wanted.entity_kind = found.entity_kind and wanted.entity = found.entity
        and coalesce(wanted.part, found.part) = found.part
),

things as (
    select
        place, is_asked, entity_kind, entity, part,
        {ranked("case when $better = 'higher' then -min(value) else max(value) end")} as worst
    from points
    group by place, is_asked, entity_kind, entity, part
    qualify row_number() over (
        partition by place order by is_asked desc, worst desc, entity_kind, entity, part
    ) <= 1 + $peers
)

select place, entity_kind, concat_ws(' ', entity, nullif(part, '')) as label, ts, value
from points
join things using (place, is_asked, entity_kind, entity, part)
order by place, is_asked desc, worst desc, entity_kind, label, ts
"""
_METRIC = """
select
    metric, title, unit, better, quantile_of, kind,
    (select source from window_source([$metric], $t0::timestamp, $t1::timestamp)) as source
from dim_metric
where metric = $metric
"""

Key = tuple[str, str]
Values = tuple[float | None, ...]
Lines = Mapping[Key, Values]


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


def charts_of(reading: Reading, subjects: Sequence[Subject]) -> tuple[Chart, ...]:
    """In their order, but for those of metrics that the catalogue lacks, or of which nothing was measured."""
    by_metric: dict[str, list[Subject]] = defaultdict(list)
    for subject in subjects:
        by_metric[subject.metric].append(subject)
    drawn: dict[Subject, Chart] = {}
    for metric, of_metric in by_metric.items():
        for row in reading.rows(_METRIC, metric=metric):
            drawn |= _of_metric(reading, row, of_metric)
    return tuple(drawn[subject] for subject in subjects if subject in drawn)


def _of_metric(reading: Reading, row: Row, subjects: Sequence[Subject]) -> Mapping[Subject, Chart]:
    width_s = width_of(reading.window, least_s=_HOUR_S if row["source"] == "hours" else 0)
    now = _lines(reading, row, subjects, reading.window, width_s, _PEERS)
    before = _lines(reading, row, subjects, reading.against, width_s, 0) if reading.against else {}
    return {
        subject: _chart(reading.window, subject, row, width_s, lines, before.get(subject, {}))
        for subject, lines in now.items()
    }


def width_of(window: Span, least_s: int = 0) -> int:
    """Seconds of a piece, so that a chart has at most 150 of them and none is shorter than what is left of old data."""
    wanted = max((window.end - window.start).total_seconds() / _POINTS, least_s)
    return next((width for width in _WIDTHS_S if width >= wanted), ceil(wanted / _WIDTHS_S[-1]) * _WIDTHS_S[-1])


def _chart(window: Span, subject: Subject, row: Row, width_s: int, lines: Lines, before: Lines) -> Chart:
    return Chart(
        key=f"{subject.metric} {subject.entity_kind} {subject.thing}",
        title=f"{row['title']}, {subject.thing}",
        metric=subject.metric,
        unit=row["unit"],
        statistic="P99" if row["kind"] == "histogram" else "worst 5 minutes" if row["quantile_of"] else "mean",
        window=window,
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


def _lines(
    reading: Reading, row: Row, subjects: Sequence[Subject], window: Span, width_s: int, peers: int
) -> Mapping[Subject, Lines]:
    """Of each that has a value in the window its own line first, then its peers'."""
    pieces = ceil((window.end - window.start).total_seconds() / width_s)
    start = naive(window.start)
    found = reading.rows(
        _SERIES,
        metric=row["metric"],
        better=row["better"],
        entity_kinds=[subject.entity_kind for subject in subjects],
        entities=[subject.entity for subject in subjects],
        parts=[subject.part for subject in subjects],
        width_s=width_s,
        peers=peers,
        **{"from": start, "to": naive(window.end)},
    )
    lines: dict[Subject, dict[Key, list[float | None]]] = defaultdict(dict)
    for row in found:
        of_thing = lines[subjects[row["place"]]]
        line = of_thing.setdefault((row["entity_kind"], row["label"]), [None] * pieces)
        line[int((row["ts"] - start).total_seconds() // width_s)] = row["value"]
    return {subject: {thing: tuple(line) for thing, line in of_thing.items()} for subject, of_thing in lines.items()}
