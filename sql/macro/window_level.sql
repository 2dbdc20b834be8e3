-- window_level: where a metric stood in a window: level and spread of its five-minute means, one row per thing measured.
-- The window is widened to whole five minutes. Where it begins before the oldest that are kept, hourly means tell, of whole
-- hours; interval_s says which.
-- A thing is an entity and what else its labels tell (part): a pod that an upgrade replaced is the same thing after it.
-- Several series of one thing at one moment count by their mean. Metrics that are quantiles are left out.
-- of_metrics: a list of the metrics asked for; NULL is all of them.
-- macro: window_level(of_cluster, t0, t1, of_metrics)
with

metrics as (
    select metric
    from dim_metric
    where quantile_of is null and (of_metrics is null or list_contains(of_metrics, metric))
),

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
        s.series_id, s.thing_id, count(*) over (partition by s.thing_id) = 1 as is_alone
    from dim_series as s
    semi join metrics on metrics.metric = s.metric
    where s.cluster = of_cluster
),

placed as (
    select series.thing_id, series.is_alone, points.ts, points.interval_s, points.value
    from points
    join series on series.series_id = points.series_id
    semi join metrics on metrics.metric = points.metric
),

-- Most things have one series: grouping only the others by moment takes a fifth of the time.
things as (
    select thing_id, interval_s, value from placed where is_alone
    union all
    select thing_id, any_value(interval_s), avg(value) from placed where not is_alone
    group by thing_id, ts
),

levels as (
    select
        thing_id,
        any_value(interval_s) as interval_s,
        count(*) as points,
        avg(value) as level,
        stddev_samp(value) as spread,
        least(1.0, count(*) * any_value(interval_s) / greatest(epoch(t1) - epoch(t0), 1)) as coverage
    from things
    group by thing_id
),

final as (
    select thing.metric, thing.entity_kind, thing.entity, thing.part, thing.node, levels.* exclude (thing_id)
    from levels
    join dim_series as thing on thing.cluster = of_cluster and thing.series_id = levels.thing_id
)

select * from final
