-- window_quantile: merged latency quantiles of the named bucket families over any window, and the P99 of the one before it.
-- As rpt_latency has them, for some families only and with the stretch of the same length before the window, where that
-- has at least half as many five minutes. Where five-minute buckets are gone, hourly ones tell, without a P99 before.
-- slow_share_low and slow_share_high bound the share of operations over the objective, from the bucket bounds around it.
-- grain: one row per metric and entity
-- macro: window_quantile(of_cluster, names, t0, t1)
with

asked as (
    select coalesce(max(kept_from), '-infinity') as kept_from
    from raw_retention
    where table_name = 'raw_histogram'
),

pieces as (
    select merged.* exclude (part), start < time_bucket(interval 5 minutes, t0) as is_before
    from merged_bucket_of(
        of_cluster,
        time_bucket(interval 5 minutes, t0)
            - (piece_end(interval 5 minutes, t1) - time_bucket(interval 5 minutes, t0)),
        piece_end(interval 5 minutes, t1),
        piece_end(interval 5 minutes, t1) - time_bucket(interval 5 minutes, t0),
        names,
        null::bigint[],
        false
    ) as merged
    where t0 < t1
),

paired as (
    select
        metric,
        entity_kind,
        entity,
        first(struct_pack(node, points, observations, les, counts)) filter (not is_before) as now,
        first(struct_pack(points, start, les, counts)) filter (is_before) as ago
    from pieces
    group by metric, entity_kind, entity
),

fine as (
    select
        metric,
        entity_kind,
        entity,
        now.node,
        '5 minutes' as source,
        time_bucket(interval 5 minutes, t0) as window_start,
        piece_end(interval 5 minutes, t1) as window_end,
        now.observations,
        now.les,
        now.counts,
        case
            when ago.points * 2 >= now.points and asked.kept_from <= ago.start
                then bucket_quantile(0.99, ago.les, ago.counts)
        end as before
    from paired
    cross join asked
    where now is not null and asked.kept_from <= time_bucket(interval 5 minutes, t0)
),

coarse as (
    select
        merged.metric,
        merged.entity_kind,
        merged.entity,
        merged.node,
        'hours' as source,
        time_bucket(interval 1 hour, t0) as window_start,
        piece_end(interval 1 hour, t1) as window_end,
        merged.observations,
        merged.les,
        merged.counts,
        null::double as before
    from merged_hour(
        of_cluster, time_bucket(interval 1 hour, t0), piece_end(interval 1 hour, t1)
    ) as merged
    cross join asked
    where t0 < t1 and list_contains(names, merged.metric) and asked.kept_from > time_bucket(interval 5 minutes, t0)
),

merged as (
    select * from fine
    union all by name
    select * from coarse
),

final as (
    select
        merged.* exclude (les, counts),
        list_transform([0.5, 0.9, 0.95, 0.99], lambda q: bucket_quantile(q, les, counts)) as quantiles,
        quantiles[1] as p50,
        quantiles[2] as p90,
        quantiles[3] as p95,
        quantiles[4] as p99,
        dim_metric.objective_value as objective,
        -- Rounded to a billionth: counts are extrapolated, and their last digits make no operations.
        case when objective is not null then round(1 - bucket_share(limit_above(objective, les), les, counts), 9) end
            as slow_share_low,
        case when objective is not null then round(1 - bucket_share(limit_below(objective, les), les, counts), 9) end
            as slow_share_high,
        objective_certainty(dim_metric.objective_value, les, counts) as certainty
    from merged
    join dim_metric on dim_metric.metric = merged.metric
)

select * exclude (quantiles, objective) from final
