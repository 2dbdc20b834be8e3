-- rpt_latency: merged latency quantiles of every entity over any window, from five-minute buckets.
-- The window is widened to whole five minutes, as window_start and window_end say.
-- macro: rpt_latency(of_cluster, t0, t1)
with

merged as (
    select * from merged_bucket(
        of_cluster,
        time_bucket(interval 5 minutes, t0),
        time_bucket(interval 5 minutes, t1 + interval 299 seconds),
        time_bucket(interval 5 minutes, t1 + interval 299 seconds) - time_bucket(interval 5 minutes, t0)
    )
),

final as (
    select
        of_cluster as cluster,
        merged.metric,
        dim_metric.unit,
        merged.entity_kind,
        merged.entity,
        merged.node,
        time_bucket(interval 5 minutes, t0) as window_start,
        time_bucket(interval 5 minutes, t1 + interval 299 seconds) as window_end,
        merged.points,
        merged.observations,
        bucket_quantile(0.5, les, counts) as p50,
        bucket_quantile(0.9, les, counts) as p90,
        bucket_quantile(0.99, les, counts) as p99,
        case when observations > 0 then bucket_low(0.99, les, counts) end as p99_low,
        case when observations > 0 then bucket_high(0.99, les, counts) end as p99_high,
        dim_metric.objective_value as objective
    from merged
    left join dim_metric on dim_metric.metric = merged.metric
)

select * from final
order by metric, entity_kind, entity
