-- series_of: how the named metrics of some things moved within a window; rpt_series says what a value is.
-- entity_ids: a list of those of dim_series; NULL is all of them. The others are left out before anything is summed.
-- grain: one row per metric, entity, part and piece
-- macro: series_of(of_cluster, names, entity_ids, t0, t1, width)
with

metrics as (
    select * from dim_metric where list_contains(names, metric)
),

series as (
    select s.metric, s.series_id, s.entity_kind, s.entity, s.part, s.node
    from dim_series as s
    where s.cluster = of_cluster and list_contains(names, s.metric)
        and (entity_ids is null or list_contains(entity_ids, s.entity_id))
),

levels as (
    select
        series.metric,
        series.entity_kind,
        series.entity,
        series.part,
        any_value(series.node) as node,
        time_bucket(width, points.ts, t0) as ts,
        any_value(points.source) as source,
        case
            when any_value(metrics.quantile_of) is not null or any_value(metrics.kind) = 'state' then max(points.most)
            else sum(points.mean * points.weight) / sum(points.weight)
        end as value
    from window_point(of_cluster, names, null::varchar[], t0, t1) as points
    join series on series.series_id = points.series_id
    join metrics on metrics.metric = series.metric
    where points.ts >= points.window_start
    group by series.metric, series.entity_kind, series.entity, series.part, time_bucket(width, points.ts, t0)
),

latencies as (
    select metric, entity_kind, entity, part, node, start as ts, '5 minutes' as source,
        bucket_quantile(0.99, les, counts) as value
    from merged_bucket_of(of_cluster, t0, t1, width, names, entity_ids, false)
),

forgotten as (
    select max(kept_from) as kept_from from raw_retention where table_name = 'raw_histogram'
),

hours as (
    select metric, entity_kind, entity, '' as part, any_value(node) as node, time_bucket(width, hour, t0) as ts,
        'hours' as source, max(p99) as value
    from fct_latency_hourly
    cross join forgotten
    where cluster = of_cluster and list_contains(names, metric)
        and (entity_ids is null or (metric, entity_kind, entity) in (select (metric, entity_kind, entity) from series))
        and hour >= t0 and hour < t1 and hour < forgotten.kept_from
    group by metric, entity_kind, entity, time_bucket(width, hour, t0)
),

placed as (
    select * from levels
    union all by name
    select * from latencies where value is not null
    union all by name
    select * from hours where value is not null
),

final as (
    select
        of_cluster as cluster,
        placed.metric,
        metrics.title,
        metrics.unit,
        placed.entity_kind,
        placed.entity,
        placed.part,
        placed.node,
        thing_role(dim_node.role, placed.entity_kind) as role,
        placed.source,
        placed.ts,
        placed.value
    from placed
    join metrics on metrics.metric = placed.metric
    left join dim_node on dim_node.cluster = of_cluster and dim_node.node = placed.node
)

select * from final
