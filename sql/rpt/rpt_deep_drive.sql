-- rpt_deep_drive: everything an expert looks at in one analyzer, over a window: level, objective, and what is unusual
-- against the stretch of the same length before it. What got worse comes first, then what misses its objective.
-- The metrics are those that the catalogue gives to the analyzer's deep drive. status: met or missed (surely), possible
-- (the objective lies inside the bucket that holds the P99), none published, too little (less than half was covered, or fewer
-- than 100 operations), or no data with the reason.
-- grain: one row per metric, entity and part; one for a metric without data
-- macro: rpt_deep_drive(of_cluster, of_analyzer, t0, t1)
-- example: from rpt_deep_drive($cluster, 'etcd', $middle, $t1) limit 20
-- example: select metric, entity, value, unit, objective, status from rpt_deep_drive($cluster, 'network', $middle, $t1) where change = 'worse'
-- example: select subsystem, status, count(*) as things from rpt_deep_drive($cluster, 'ovnk', $middle, $t1) group by all order by all
with

metrics as (
    select dim_metric.*
    from dim_metric
    semi join dim_metric_tool as tool
        on tool.metric = dim_metric.metric and tool.tool = 'get_' || of_analyzer || '_performance_deep_drive'
),

compared as (
    select found.*
    from window_change(
        of_cluster, t0 - (t1 - t0), t0, t0, t1,
        (select list(t.metric) from dim_metric_tool as t where t.tool = 'get_' || of_analyzer || '_performance_deep_drive')
    ) as found
    where found.after is not null
),

silent as (
    select metrics.metric, collected.absence as reason
    from metrics
    join rpt_collected(of_cluster, t0, t1) as collected on collected.metric = metrics.metric
    anti join compared on compared.metric = metrics.metric
),

found as (
    select
        metric, statistic, entity_kind, entity, part, node, after as value, coverage_after as coverage,
        before, ratio, effect_size, change, reason, met_after,
        case statistic when 'p99' then observations_after >= 100 else coverage_after >= 0.5 end as is_enough
    from compared
    union all by name
    select metric, reason, 'no data' as change from silent
),

final as (
    select
        of_cluster as cluster,
        metrics.domain,
        metrics.category as subsystem,
        found.metric,
        metrics.title,
        metrics.unit,
        found.statistic,
        found.entity_kind,
        found.entity,
        found.part,
        found.node,
        found.value,
        metrics.objective_value as objective,
        metrics.objective_tier as tier,
        metrics.objective_source as source,
        case
            when found.change = 'no data' then 'no data'
            when metrics.objective_value is null or metrics.better = 'neither' then 'none published'
            when not found.is_enough then 'too little'
            when found.met_after then 'met'
            when not found.met_after then 'missed'
            else 'possible'
        end as status,
        found.before,
        found.ratio,
        found.effect_size,
        found.change,
        found.coverage,
        found.reason
    from found
    join metrics on metrics.metric = found.metric
)

select * from final
order by
    change = 'worse' desc,
    status = 'missed' desc,
    status = 'possible' desc,
    abs(coalesce(effect_size, 0)) desc,
    domain,
    subsystem,
    metric,
    entity,
    part
