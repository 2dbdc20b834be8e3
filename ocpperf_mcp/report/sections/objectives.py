"""Published objectives: met, missed or not evaluated, and by what they were missed."""

from ocpperf_mcp.report.model import Column, Section, Table, Value
from ocpperf_mcp.report.reading import Reading, Row, number, ranked, shown, text
from ocpperf_mcp.report.sections.things import (
    LIMIT_SHARE,
    MEASURED,
    cells,
    columns_of,
    level_of,
    objective_of,
    thing_of,
)

_MISSED_SHOWN = 50
_WORST = """
with

metrics as (
    select
        metric, title, domain, unit, better,
        objective_value as objective, objective_tier as tier, objective_source as source
    from dim_metric
    where objective_value is not null and better <> 'neither' and quantile_of is null
        and ($tools is null or list_has_any(tools, $tools))
),

counted as (
    select
        metric,
        count(*) filter (status = 'missed') as missed,
        count(*) filter (status = 'possible') as possible,
        count(*) filter (status = 'met') as met,
        count(*) filter (status = 'too little') as unjudged,
        first(thing order by excess desc, entity_kind, entity, part) as worst
    from {measured} as thing
    where status is not null
    group by metric
),

hourly as (
    select metric, count(*) filter (missed = 'certain') as hours_missed, count(missed) as hours_judged
    from rpt_objective
    where cluster = $cluster and hour >= $t0::timestamp and hour < $t1::timestamp
    group by metric
),

final as (
    select
        metrics.* exclude (objective),
        {objective},
        coalesce(missed, 0) as missed, coalesce(possible, 0) as possible, coalesce(met, 0) as met,
        coalesce(unjudged, 0) as unjudged,
        case
            when missed > 0 then 'missed'
            when possible > 0 then 'possibly missed'
            when met > 0 then 'met'
            when counted.metric is null and collected.absence = 'it has not happened' and metrics.better = 'lower'
                then 'met'
            else 'not evaluated'
        end as verdict,
        worst.entity_kind, worst.entity, worst.part, worst.statistic, worst.samples_expected, worst.samples_found,
        worst.severity,
        {share} as limit_share,
        struct_pack(number := worst.level, unit := unit, text := readable(worst.level, unit)) as level,
        coalesce(hours_missed, 0) as hours_missed, coalesce(hours_judged, 0) as hours_judged,
        case when counted.metric is null then collected.absence else 'too little was collected' end as reason
    from metrics
    left join counted using (metric)
    left join hourly using (metric)
    left join rpt_collected($cluster, $t0::timestamp, $t1::timestamp) as collected using (metric)
)

from final
order by
    list_position(['missed', 'possibly missed', 'not evaluated', 'met'], verdict),
    {limit_share} desc nulls last,
    domain, metric
"""
_MISSED = """
select
    thing.* exclude (level, highest, before, objective), {level}, {highest}, {before}, {objective},
    count(*) over () as in_all
from {measured} as thing
where status in ('missed', 'possible')
order by
    status = 'possible', severity = 'critical' desc nulls last, metric, excess desc, entity_kind, entity, part
limit {limit}
"""
_COLUMNS = (
    Column(key="metric", title="Objective"),
    Column(key="objective", title="Limit", kind="number"),
    Column(key="verdict", title="Verdict"),
    Column(key="worst", title="Worst", kind="number"),
    Column(key="thing", title="Of"),
    Column(key="statistic", title="Statistic"),
    Column(key="things", title="Things"),
    Column(key="hours", title="Hours missed"),
    Column(key="source", title="Source"),
)
_MISSED_COLUMNS = ("metric", "thing", "role", "statistic", "level", "highest", "before", "objective", "status")


def objectives(reading: Reading) -> Section | None:
    """Every published objective of the catalogue in one table, what missed one in another."""
    found = reading.rows(
        _WORST.format(
            measured=MEASURED,
            objective=shown("metrics.objective"),
            share=LIMIT_SHARE.format(level="worst.level", objective="metrics.objective"),
            limit_share=ranked("limit_share"),
        )
    )
    if not found:
        return None
    tables = [
        Table(
            key="objectives",
            columns=_COLUMNS,
            rows=tuple(_row(reading, row) for row in found),
            rows_in_all=len(found),
        )
    ]
    if missed := _missed(reading):
        tables.append(missed)
    return Section(key="objectives", title="Objectives", text=(_counted(found),), tables=tuple(tables))


def _row(reading: Reading, row: Row) -> tuple[Value, ...]:
    verdict = text(row["verdict"] if row["verdict"] != "not evaluated" else f"not evaluated: {row['reason']}")
    is_measured = row["level"]["number"] is not None
    return (
        text(row["title"]),
        objective_of(row),
        verdict.model_copy(update={"marks": ("warning",)}) if row["verdict"] == "missed" else verdict,
        level_of(reading, row) if is_measured else Value(text="it has not happened" if row["verdict"] == "met" else ""),
        thing_of(row) if is_measured else Value(text=""),
        text(row["statistic"]),
        text(_things(row)),
        number(row["hours_missed"], words=f"{row['hours_missed']} of {row['hours_judged']}"),
        text(row["source"]),
    )


def _things(row: Row) -> str:
    words = {"missed": "missed", "possible": "possibly missed", "met": "met", "unjudged": "not evaluated"}
    return ", ".join(f"{row[name]} {said}" for name, said in words.items() if row[name])


def _missed(reading: Reading) -> Table | None:
    numbers = {name: shown(f"thing.{name}", "thing.unit") for name in ("level", "highest", "before", "objective")}
    rows = reading.rows(_MISSED.format(measured=MEASURED, limit=_MISSED_SHOWN, **numbers))
    if not rows:
        return None
    return Table(
        key="missed",
        title="What missed an objective, or possibly did",
        columns=columns_of(_MISSED_COLUMNS),
        rows=tuple(cells(reading, row, _MISSED_COLUMNS) for row in rows),
        rows_in_all=rows[0]["in_all"],
    )


def _counted(found: list[Row]) -> str:
    verdicts = ("met", "missed", "possibly missed", "not evaluated")
    counts = [f"{sum(row['verdict'] == verdict for row in found)} {verdict}" for verdict in verdicts]
    return f"Of {len(found)} published objectives: {', '.join(counts)}."
