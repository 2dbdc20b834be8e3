-- rpt_top: the things with the worst level of a metric in a window, the first `how_many` of each role of node.
-- Worst is the highest level where lower is better or neither is, else the lowest. A latency is ranked by its merged P99.
-- role is the node's; things without a node are filed under 'cluster', things whose node is not known under 'unknown'.
-- grain: one row per role, entity and part
-- macro: rpt_top(of_cluster, of_metric, t0, t1, how_many)
-- example: from rpt_top($cluster, 'node_cpu_usage', $t0, $t1, 3)
-- example: select role, entity, value, unit from rpt_top($cluster, 'disk_wal_fsync_seconds', $middle, $t1, 5)
-- example: select entity, value / 1e9 as gigabytes from rpt_top($cluster, 'node_memory_used', $t0, $t1, 1) order by value desc
with

levels as (
    select metric, entity_kind, entity, part, node, level as value, 'mean' as statistic, coverage
    from window_level(of_cluster, t0, t1, [of_metric])
    union all
    select metric, entity_kind, entity, '', node, p99, 'p99', least(1.0, points * 300 / (epoch(t1) - epoch(t0)))
    from entity_latency(of_cluster, t0, t1, [of_metric])
    where p99 is not null
),

placed as (
    select
        levels.*,
        dim_metric.title,
        dim_metric.unit,
        thing_role(dim_node.role, levels.entity_kind) as role,
        case when dim_metric.better = 'higher' then -value else value end as excess
    from levels
    join dim_metric on dim_metric.metric = levels.metric
    left join dim_node on dim_node.cluster = of_cluster and dim_node.node = levels.node
),

final as (
    select
        of_cluster as cluster,
        metric,
        title,
        unit,
        statistic,
        role,
        row_number() over (partition by role order by excess desc, entity, part) as place,
        entity_kind,
        entity,
        part,
        node,
        value,
        coverage
    from placed
    qualify place <= how_many
)

select * from final
order by role, place
