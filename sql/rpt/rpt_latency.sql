-- rpt_latency: merged latency quantiles of every entity over any window, with what their buckets prove.
-- The window is widened to whole five minutes, or hours where five-minute buckets are gone: see latency_window.
-- P99 lies between p99_low and p99_high. limit_low and limit_high are the bucket bounds around the objective; the shares
-- say how many operations were at or below them.
-- grain: one row per metric and entity
-- macro: rpt_latency(of_cluster, t0, t1)
-- example: select entity, p50, p99, p99_low, p99_high, observations from rpt_latency($cluster, $t0, $t1) where metric = 'disk_wal_fsync_seconds' order by p99 desc
-- example: select metric, entity, p99, objective, certainty from rpt_latency($cluster, $t0, $t1) where certainty in ('certain', 'possible')
-- example: select metric, max(p99) as worst_p99, unit from rpt_latency($cluster, $middle, $t1) group by all order by all
with

latencies as (
    select window_.*, dim_metric.unit, dim_metric.objective_value as objective
    from latency_window(of_cluster, t0, t1) as window_
    left join dim_metric on dim_metric.metric = window_.metric
),

final as (
    select
        of_cluster as cluster,
        metric,
        unit,
        entity_kind,
        entity,
        node,
        window_start,
        window_end,
        interval_s,
        points,
        observations,
        bucket_quantile(0.5, les, counts) as p50,
        bucket_quantile(0.9, les, counts) as p90,
        bucket_quantile(0.99, les, counts) as p99,
        case when observations > 0 then bucket_low(0.99, les, counts) end as p99_low,
        case when observations > 0 then bucket_high(0.99, les, counts) end as p99_high,
        objective,
        case when objective is not null then limit_below(objective, les) end as limit_low,
        case when objective is not null then bucket_share(limit_below(objective, les), les, counts) end
            as share_at_or_below_low,
        limit_above(objective, les) as limit_high,
        case when objective is not null then bucket_share(limit_above(objective, les), les, counts) end
            as share_at_or_below_high,
        objective_certainty(objective, les, counts) as certainty
    from latencies
)

select * from final
order by metric, entity_kind, entity
