"""Everything that was measured in the windows of a report, once, from hourly facts, for all its sections.

A report's windows are whole closed hours, so hourly facts hold the same means, extremes and merged buckets as samples
and five-minute buckets do, at a hundredth of the rows.
"""

from ocpperf_mcp.report.reading import Reading, ranked

_THINGS = """
create or replace temp table {name} as
with

levels as (
    select
        series.thing_id,
        sum(found.avg * found.samples) / sum(found.samples) filter (found.avg is not null) as mean,
        max(found.max) as highest,
        sum(found.samples)::bigint as samples
    from fct_metric_hourly as found
    join dim_series as series on series.cluster = found.cluster and series.series_id = found.series_id
    where found.cluster = $cluster and found.hour >= {start}::timestamp and found.hour < {end}::timestamp
    group by series.thing_id
),

counted as (
    select
        series.thing_id,
        series.entity_id,
        sum(found.samples)::bigint as samples_found,
        sum(found.expected)::bigint as samples_expected
    from fct_series_hourly as found
    join dim_series as series on series.cluster = found.cluster and series.series_id = found.series_id
    where found.cluster = $cluster and found.hour >= {start}::timestamp and found.hour < {end}::timestamp
    group by series.thing_id, series.entity_id
),

counted_buckets as (
    select
        thing.metric, thing.entity_kind, thing.entity,
        sum(samples_found)::bigint as samples_found, sum(samples_expected)::bigint as samples_expected
    from counted
    join dim_series as thing on thing.cluster = $cluster and thing.series_id = counted.entity_id
    group by all
),

worst_hours as (
    select metric, entity_kind, entity, max(p99) as highest
    from fct_latency_hourly
    where cluster = $cluster and hour >= {start}::timestamp and hour < {end}::timestamp
    group by all
),

gauges as (
    select
        thing.metric, thing.entity_kind, thing.entity, thing.part, thing.node,
        case when levels.mean is null then 'worst 5 minutes' else 'mean' end as statistic,
        coalesce(levels.mean, levels.highest) as level,
        levels.highest, levels.samples as observations,
        counted.samples_found, counted.samples_expected
    from levels
    join dim_series as thing on thing.cluster = $cluster and thing.series_id = levels.thing_id
    left join counted on counted.thing_id = levels.thing_id
),

latencies as (
    select
        merged.metric, merged.entity_kind, merged.entity, '' as part, merged.node,
        'P99' as statistic,
        bucket_quantile(0.99, les, counts) as level,
        worst.highest, merged.observations::bigint as observations,
        counted.samples_found, counted.samples_expected,
        objective_certainty(dim_metric.objective_value, les, counts) as certainty
    from merged_hour($cluster, {start}::timestamp, {end}::timestamp) as merged
    join dim_metric on dim_metric.metric = merged.metric
    left join worst_hours as worst
        on worst.metric = merged.metric and worst.entity_kind = merged.entity_kind and worst.entity = merged.entity
    left join counted_buckets as counted
        on counted.metric = merged.metric and counted.entity_kind = merged.entity_kind
        and counted.entity = merged.entity
)

from gauges where level is not null
union all by name
from latencies where level is not null
"""
_FINDINGS = """
create or replace temp table report_finding as
select found.*
from rpt_findings as found
where found.cluster = $cluster and found.start < $t1::timestamp and found."end" >= $t0::timestamp
    and ($analyzer is null or found.analyzer = $analyzer)
    -- What the open hour alone shows may be gone when it closes.
    and (not found.provisional or exists (
        from fct_bottleneck as judged
        where judged.cluster = found.cluster and judged.rule = found.rule and judged.entity_kind = found.entity_kind
            and judged.entity = found.entity and not judged.provisional
            and judged.first_seen >= found.start and judged.last_seen <= found."end"
    ))
"""
_JUDGED = """
create or replace temp table report_thing as
with

broken as (
    select
        evidence.metric as metric, entity_kind, entity,
        case min(list_position(['critical', 'warning'], severity)) when 1 then 'critical' when 2 then 'warning' end
            as severity
    from report_finding
    group by all
),

placed as (
    select
        thing.*,
        metrics.domain, metrics.title, metrics.unit, metrics.better, metrics.quantile_of, metrics.tools,
        metrics.objective_value as objective, metrics.objective_tier as tier, metrics.objective_source as source,
        thing_role(dim_node.role, thing.entity_kind) as role,
        {before},
        case
            when metrics.objective_value is null or metrics.better = 'neither' or thing.statistic = 'worst 5 minutes'
                then null
            when thing.statistic = 'P99' then
                case thing.certainty
                    when 'certain' then 'missed' when 'none' then 'met' when 'possible' then 'possible'
                    else 'too little'
                end
            when metrics.absent_means <> 'zero'
                and thing.observations * coalesce(metrics.step_s, 60)
                    < (epoch($t1::timestamp) - epoch($t0::timestamp)) / 2
                then 'too little'
            when objective_met(metrics.objective_value, metrics.better, thing.level, thing.level) then 'met'
            else 'missed'
        end as status,
        broken.severity,
        {excess} as excess
    from report_now as thing
    join dim_metric as metrics on metrics.metric = thing.metric
    left join dim_node on dim_node.cluster = $cluster and dim_node.node = thing.node
    left join broken
        on broken.metric = thing.metric and broken.entity_kind = thing.entity_kind and broken.entity = thing.entity
    {joined}
    where $tools is null or list_has_any(metrics.tools, $tools)
),

final as (
    select
        * exclude (severity),
        coalesce(severity, case when status = 'missed' then 'warning' end) as severity,
        row_number() over (partition by metric, role order by excess desc, entity_kind, entity, part) as place,
        excess > min(excess) over (partition by metric, role) as stands_out,
        count(*) over (partition by metric, role) as of_role
    from placed
)

select * from final
"""
_BEFORE = """
        earlier.level as before,
        earlier.samples_found as found_before,
        earlier.samples_expected as expected_before
"""
_NOTHING_BEFORE = "null::double as before, null::bigint as found_before, null::bigint as expected_before"
_JOINED = """
    left join report_before as earlier
        on earlier.metric = thing.metric and earlier.entity_kind = thing.entity_kind
        and earlier.entity = thing.entity and earlier.part = thing.part and earlier.statistic = thing.statistic
"""


def find(reading: Reading) -> None:
    """Make `report_finding`, a temporary table of the findings that overlap the window."""
    reading.rows(_FINDINGS)


def measure(reading: Reading) -> None:
    """Make `report_thing`, a temporary table of everything measured, with what `find` found of it."""
    reading.rows(_THINGS.format(name="report_now", start="$t0", end="$t1"))
    compared = reading.against is not None
    if compared:
        reading.rows(_THINGS.format(name="report_before", start="$a0", end="$a1"))
    reading.rows(
        _JUDGED.format(
            excess=ranked("case when metrics.better = 'higher' then -thing.level else thing.level end"),
            before=_BEFORE if compared else _NOTHING_BEFORE,
            joined=_JOINED if compared else "",
        )
    )
    for done in ("report_now", "report_before"):
        reading.rows(f"drop table if exists {done}")
