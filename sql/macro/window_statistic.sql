-- window_statistic: statistics over time of the named metrics in any window, one row per thing measured: an entity and what
-- else its labels tell (part). window_source says what they are made from. p50, p95 and p99 need samples.
-- Of a metric that is itself a quantile, and of a state, only min, max and last mean something: the others are NULL.
-- before is the mean in the window of the same length before it, where that has at least half as many samples.
-- grain: one row per metric, entity and part
-- macro: window_statistic(of_cluster, names, t0, t1)
with

metrics as (
    select metric, kind = 'gauge' and quantile_of is null as is_level
    from dim_metric
    where list_contains(names, metric) and kind <> 'histogram'
),

series as (
    select s.metric, s.series_id, s.entity_kind, s.entity, series_part(s.labels) as part, s.node
    from raw_series as s
    where s.cluster = of_cluster and list_contains(names, s.metric)
        and s.last_seen >= t0 - (t1 - t0) and s.first_seen < t1
),

points as (
    select * from window_point(of_cluster, names, t0, t1)
),

summed as (
    select
        series.metric,
        series.entity_kind,
        series.entity,
        series.part,
        arg_max(series.node, points.ts) as node,
        sum(points.weight) filter (points.ts >= points.window_start)::bigint as samples,
        min(points.least) filter (points.ts >= points.window_start) as min,
        sum(points.mean * points.weight) filter (points.ts >= points.window_start) / samples as avg,
        quantile_cont(points.mean, [0.5, 0.95, 0.99])
            filter (points.ts >= points.window_start and points.source = 'samples') as quantiles,
        max(points.most) filter (points.ts >= points.window_start) as max,
        arg_max(points.newest, points.ts) filter (points.ts >= points.window_start) as last,
        sum(points.weight) filter (points.ts < points.window_start) as samples_before,
        sum(points.mean * points.weight) filter (points.ts < points.window_start) / samples_before as before,
        any_value(struct_pack(points.source, points.window_start, points.window_end)) as read_from
    from points
    join series on series.series_id = points.series_id
    group by series.metric, series.entity_kind, series.entity, series.part
),

final as (
    select
        summed.metric,
        entity_kind,
        entity,
        part,
        node,
        read_from.source as source,
        read_from.window_start as window_start,
        read_from.window_end as window_end,
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
    join metrics on metrics.metric = summed.metric
    where samples > 0
)

select * from final
