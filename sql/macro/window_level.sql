-- window_level: where a metric stood in a window: level and spread of its five-minute means, one row per thing measured.
-- The window is widened to whole five minutes. Where it begins before the oldest that are kept, hourly means tell, of whole
-- hours; interval_s says which.
-- A thing is an entity and what else its labels tell (part): a pod that an upgrade replaced is the same thing after it.
-- Several series of one thing at one moment count by their mean. Metrics that are quantiles are left out.
-- macro: window_level(of_cluster, t0, t1)
with

forgotten as (
    select * from raw_retention where table_name = 'fct_metric_5m' and kept_from > t0
),

points as (
    select series_id, metric, ts, avg as value, 300 as interval_s
    from fct_metric_5m
    where cluster = of_cluster and ts >= time_bucket(interval 5 minutes, t0) and ts < t1 and t0 < t1 and avg is not null
        and not exists (from forgotten)
    union all
    select series_id, metric, hour, avg, 3600
    from fct_metric_hourly
    where cluster = of_cluster and hour >= time_bucket(interval 1 hour, t0) and hour < t1 and t0 < t1 and avg is not null
        and exists (from forgotten)
),

series as (
    select
        s.series_id,
        s.entity_kind,
        s.entity,
        s.node,
        series_part(s.labels) as part
    from raw_series as s
    where s.cluster = of_cluster and s.last_seen >= time_bucket(interval 1 hour, t0) and s.first_seen < t1 + interval 1 hour
),

things as (
    select
        points.metric, series.entity_kind, series.entity, series.part, any_value(series.node) as node,
        points.ts, any_value(points.interval_s) as interval_s, avg(points.value) as value
    from points
    join dim_metric on dim_metric.metric = points.metric and dim_metric.quantile_of is null
    join series on series.series_id = points.series_id
    group by points.metric, series.entity_kind, series.entity, series.part, points.ts
),

final as (
    select
        metric,
        entity_kind,
        entity,
        part,
        any_value(node) as node,
        any_value(interval_s) as interval_s,
        count(*) as points,
        avg(value) as level,
        stddev_samp(value) as spread,
        least(1.0, count(*) * any_value(interval_s) / greatest(epoch(t1) - epoch(t0), 1)) as coverage
    from things
    group by metric, entity_kind, entity, part
)

select * from final
