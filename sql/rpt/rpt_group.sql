-- rpt_group: the named metrics over any window, taken together by node, by role of node or over the cluster (of_scope).
-- mean and sum are of the things' means, so sum means something where the unit adds up; worst names the thing with the
-- highest mean, or the lowest where higher is better. Latencies are not in it: rpt_latency_merged adds up their buckets.
-- Nor are metrics that are themselves quantiles, and states. What is on no node is filed under 'none'.
-- grain: one row per metric and scope
-- macro: rpt_group(of_cluster, names, t0, t1, of_scope)
-- example: from rpt_group($cluster, ['node_cpu_busy'], $t0, $t1, 'role') select scope as role, mean, max, worst
-- example: from rpt_group($cluster, ['node_cpu_busy'], $middle, $t1, 'node') order by mean desc limit 5
-- example: from rpt_group($cluster, ['api_resident_memory'], $t0, $t1, 'cluster') select metric, sum, unit, mean_before
with

levels as (
    select
        found.*,
        dim_metric.title,
        dim_metric.unit,
        case when dim_metric.better = 'higher' then -found.avg else found.avg end as excess,
        case of_scope
            when 'node' then coalesce(found.node, 'none')
            when 'role' then coalesce(dim_node.role, 'none')
            when 'cluster' then of_cluster
        end as scope
    from window_statistic(of_cluster, names, null::varchar[], t0, t1) as found
    join dim_metric on dim_metric.metric = found.metric
    left join dim_node on dim_node.cluster = of_cluster and dim_node.node = found.node
    where found.avg is not null
),

final as (
    select
        of_cluster as cluster,
        metric,
        any_value(title) as title,
        any_value(unit) as unit,
        of_scope as scope_kind,
        scope,
        any_value(source) as source,
        min(window_start) as window_start,
        max(window_end) as window_end,
        count(*) as things,
        avg(avg) as mean,
        sum(avg) as sum,
        min(min) as min,
        max(max) as max,
        avg(before) as mean_before,
        arg_max(concat_ws(' ', entity, nullif(part, '')), excess) as worst
    from levels
    group by metric, scope
)

select * from final
order by metric, mean desc, scope
