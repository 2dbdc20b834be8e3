-- rpt_latency_merged: latency quantiles over any window, merged over all nodes of each role, or over the whole cluster.
-- Buckets add up where quantiles do not: this is the P99 of all operations, not a mean of P99s. of_scope is role or
-- cluster; what is on no node, or on one whose role is not known, is filed under 'none'. Otherwise as rpt_latency.
-- grain: one row per metric and role, or per metric
-- macro: rpt_latency_merged(of_cluster, t0, t1, of_scope)
-- example: from rpt_latency_merged($cluster, $t0, $t1, 'cluster') select metric, p99, observations, entities order by metric
-- example: from rpt_latency_merged($cluster, $t0, $t1, 'role') where metric = 'disk_wal_fsync_seconds'
-- example: select scope as role, metric, p99, unit from rpt_latency_merged($cluster, $middle, $t1, 'role') order by p99 desc nulls last limit 10
with

placed as (
    select
        window_.*,
        case of_scope when 'role' then coalesce(dim_node.role, 'none') when 'cluster' then of_cluster end as scope
    from latency_window(of_cluster, t0, t1, null::varchar[]) as window_
    left join dim_node on dim_node.cluster = of_cluster and dim_node.node = window_.node
),

bounds as (
    select distinct metric, unnest(les) as le from placed
),

-- Where one thing lacks a bound of another's, its count there is that at its own next lower bound.
counted as (
    select
        placed.*,
        bounds.le,
        coalesce(counts[len(list_filter(les, lambda own: own <= bounds.le))], 0) as count
    from placed
    join bounds on bounds.metric = placed.metric
),

summed as (
    select
        metric, scope, window_start, window_end, interval_s, le,
        sum(count) as count, count(distinct entity) as entities, max(points) as points
    from counted
    where scope is not null
    group by all
),

cumulative as (
    select * exclude (count), max(count) over (partition by metric, scope order by le) as count
    from summed
),

merged as (
    select
        metric, scope, window_start, window_end, interval_s,
        max(entities) as entities,
        max(points) as points,
        max(count) as observations,
        list(le order by le) as les,
        list(count order by le) as counts
    from cumulative
    group by metric, scope, window_start, window_end, interval_s
),

final as (
    select
        of_cluster as cluster,
        merged.metric,
        dim_metric.unit,
        of_scope as scope_kind,
        merged.scope,
        merged.entities,
        merged.window_start,
        merged.window_end,
        merged.interval_s,
        merged.points,
        merged.observations,
        bucket_quantile(0.5, les, counts) as p50,
        bucket_quantile(0.9, les, counts) as p90,
        bucket_quantile(0.99, les, counts) as p99,
        case when observations > 0 then bucket_low(0.99, les, counts) end as p99_low,
        case when observations > 0 then bucket_high(0.99, les, counts) end as p99_high,
        dim_metric.objective_value as objective,
        objective_certainty(dim_metric.objective_value, les, counts) as certainty
    from merged
    left join dim_metric on dim_metric.metric = merged.metric
)

select * from final
order by metric, scope
