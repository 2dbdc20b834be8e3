-- fleet_level: where each cluster stood in a window, in every metric that the catalogue watches, from whole closed hours.
-- Of a metric that is a quantile the merged P99 of all its cluster's operations (statistic p99), of another the mean over
-- all its things (statistic mean). worst_hour is that of a single thing, worst_entity names it.
-- The window is widened to whole hours; hours counts those with a value. Bounds that only some things have count from there.
-- grain: one row per cluster and metric that has a value
-- macro: fleet_level(t0, t1)
with

watched as (
    select metric, better, quantile_of from dim_metric where watch
),

means as (
    select
        h.cluster,
        h.metric,
        'mean' as statistic,
        sum(h.avg * h.samples) / sum(h.samples) as value,
        case any_value(watched.better) when 'higher' then min(h.avg) else max(h.avg) end as worst_hour,
        case any_value(watched.better) when 'higher' then arg_min(h.entity, h.avg) else arg_max(h.entity, h.avg) end
            as worst_entity,
        count(distinct h.hour) as hours,
        null::double as observations
    from fct_metric_hourly as h
    join watched on watched.metric = h.metric and watched.quantile_of is null
    where h.hour >= time_bucket(interval 1 hour, t0) and h.hour < t1 and h.avg is not null and not h.provisional
    group by h.cluster, h.metric
),

worst_hours as (
    select
        l.cluster,
        watched.metric,
        max(l.p99) as worst_hour,
        arg_max(l.entity, l.p99) as worst_entity,
        count(distinct l.hour) as hours
    from fct_latency_hourly as l
    join watched on watched.quantile_of = l.metric
    where l.hour >= time_bucket(interval 1 hour, t0) and l.hour < t1 and not l.provisional
    group by l.cluster, watched.metric
),

buckets as (
    select b.cluster, watched.metric, b.le, sum(b.increase) as increase
    from fct_histogram_hourly as b
    join watched on watched.quantile_of = b.metric
    semi join fct_latency_hourly as l
        on l.cluster = b.cluster and l.metric = b.metric and l.entity_kind = b.entity_kind and l.entity = b.entity
        and l.hour = b.hour and not l.provisional
    where b.hour >= time_bucket(interval 1 hour, t0) and b.hour < t1
    group by b.cluster, watched.metric, b.le
),

cumulative as (
    select cluster, metric, le, max(increase) over (partition by cluster, metric order by le) as increase from buckets
),

merged as (
    select
        cluster, metric, max(increase) as observations,
        bucket_quantile(0.99, list(le order by le), list(increase order by le)) as value
    from cumulative
    group by cluster, metric
),

quantiles as (
    select
        merged.cluster, merged.metric, 'p99' as statistic, merged.value, worst_hours.worst_hour, worst_hours.worst_entity,
        worst_hours.hours, merged.observations
    from merged
    join worst_hours on worst_hours.cluster = merged.cluster and worst_hours.metric = merged.metric
),

final as (
    select * from means
    union all by name
    select * from quantiles
)

select * from final where value is not null
