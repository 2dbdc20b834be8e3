-- window_statistic: statistics over time of the named metrics in any window, one row per thing measured: an entity and what
-- else its labels tell (part). window_source says what they are made from. p50, p95 and p99 need samples.
-- Of a metric that is itself a quantile, and of a state, only min, max and last mean something: the others are NULL.
-- before is the mean in the window of the same length before it, where that has at least half as many samples.
-- domains: those of the metrics; NULL is all of them.
-- grain: one row per metric, entity and part
-- macro: window_statistic(of_cluster, names, domains, t0, t1)
with

metrics as (
    select metric, kind = 'gauge' and quantile_of is null as is_level
    from dim_metric
    where list_contains(names, metric) and kind <> 'histogram'
),

series as (
    select s.series_id, s.thing_id
    from dim_series as s
    where s.cluster = of_cluster and list_contains(names, s.metric)
),

points as (
    select * from window_point(of_cluster, names, domains, t0, t1)
),

summed as (
    select
        series.thing_id,
        sum(points.weight) filter (points.ts >= points.window_start)::bigint as samples,
        min(points.least) filter (points.ts >= points.window_start) as min,
        sum(points.mean * points.weight) filter (points.ts >= points.window_start) / samples as avg,
        quantile_cont(points.mean, [0.5, 0.95, 0.99])
            filter (points.ts >= points.window_start and points.source = 'samples') as quantiles,
        max(points.most) filter (points.ts >= points.window_start) as max,
        arg_max(points.newest, points.ts) filter (points.ts >= points.window_start) as last,
        sum(points.weight) filter (points.ts < points.window_start) as samples_before,
        sum(points.mean * points.weight) filter (points.ts < points.window_start) / samples_before as before
    from points
    join series on series.series_id = points.series_id
    group by series.thing_id
),

final as (
    select
        thing.metric,
        thing.entity_kind,
        thing.entity,
        thing.part,
        thing.node,
        read_from.source,
        read_from.window_start,
        read_from.window_end,
        samples,
        min,
        case when is_level then avg end as avg,
        case when is_level then quantiles[1] end as p50,
        case when is_level then quantiles[2] end as p95,
        case when is_level then quantiles[3] end as p99,
        max,
        last,
        case when is_level and samples_before * 2 >= samples then before end as before
    from summed
    join dim_series as thing on thing.cluster = of_cluster and thing.series_id = summed.thing_id
    join metrics on metrics.metric = thing.metric
    cross join window_source(names, t0, t1) as read_from
    where samples > 0
)

select * from final
