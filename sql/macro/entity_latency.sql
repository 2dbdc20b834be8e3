-- entity_latency: merged latency quantiles of every entity over any window; rpt_latency says what they mean.
-- of_metrics: a list of the latencies asked for; NULL is all of them.
-- grain: one row per metric and entity
-- macro: entity_latency(of_cluster, t0, t1, of_metrics)
with

latencies as (
    select window_.*, dim_metric.unit, dim_metric.objective_value as objective
    from latency_window(of_cluster, t0, t1, of_metrics) as window_
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
