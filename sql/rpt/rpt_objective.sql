-- rpt_objective: whether each published objective was missed, hour by hour.
-- Latencies by their merged P99: certain, possible or none, as fct_latency_hourly says; other metrics by their mean over
-- the hour. NULL where there was too little to judge: fewer than 100 operations; of a mean, less than half of what was
-- collected of the hour, where absence is not zero; a metric that was truncated. No verdict: a rule also asks for how long.
-- view
-- grain: one row per cluster, metric, entity, series and hour
-- example: select metric, entity, hour, observed, objective, unit from rpt_objective where missed = 'certain' order by hour
-- example: select metric, count(*) filter (missed = 'certain') as missed, count(missed) as judged from rpt_objective where hour >= $t0 group by all order by missed desc
-- example: select distinct metric, objective, unit, tier, source from rpt_objective order by metric
with

metrics as (
    select
        metric, domain, title, unit, better, quantile_of, absent_means, objective_value, objective_tier, objective_source
    from dim_metric
    where objective_value is not null
),

latencies as (
    select
        cluster,
        metric,
        entity_kind,
        entity,
        null::bigint as series_id,
        hour,
        p99 as observed,
        certainty as missed,
        provisional
    from fct_latency_hourly
),

means as (
    select
        found.cluster,
        found.metric,
        found.entity_kind,
        found.entity,
        found.series_id,
        found.hour,
        found.avg as observed,
        case
            when found.avg is null then null
            when metrics.better = 'lower' and found.avg > metrics.objective_value then 'certain'
            when metrics.better = 'higher' and found.avg < metrics.objective_value then 'certain'
            when metrics.better <> 'neither' then 'none'
        end as missed,
        found.provisional,
        found.samples
    from fct_metric_hourly as found
    join metrics on metrics.metric = found.metric and metrics.quantile_of is null
),

judged as (
    select * from latencies
    union all by name
    select * from means
),

extractions as (
    select
        cluster, metric, hour, status,
        date_diff('second', hour, least(collected_until, hour + interval 1 hour)) / coalesce(step_s, 60) as steps
    from raw_extraction
),

final as (
    select
        judged.cluster,
        metrics.domain,
        judged.metric,
        metrics.title,
        judged.entity_kind,
        judged.entity,
        judged.series_id,
        judged.hour,
        judged.observed,
        metrics.unit,
        metrics.objective_value as objective,
        metrics.objective_tier as tier,
        metrics.objective_source as source,
        case
            when extractions.status = 'truncated' then null
            when judged.samples < extractions.steps / 2 and metrics.absent_means <> 'zero' then null
            else judged.missed
        end as missed,
        judged.provisional
    from judged
    join metrics on metrics.metric = judged.metric
    left join extractions
        on extractions.cluster = judged.cluster and extractions.metric = judged.metric and extractions.hour = judged.hour
)

select * from final
