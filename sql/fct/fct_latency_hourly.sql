-- fct_latency_hourly: merged latency quantiles of every entity, and what they say about the objective.
-- certainty says what the buckets prove: see objective_certainty.
-- grain: one row per cluster, metric, entity and hour
-- keys: cluster, metric, entity_kind, entity, hour
-- window: hour
-- example: select hour, entity, p99, p99_low, p99_high from fct_latency_hourly where metric = 'disk_wal_fsync_seconds' and hour >= $t0 order by hour, entity
-- example: select metric, entity, count(*) as hours from fct_latency_hourly where certainty = 'certain' and hour >= $t0 group by all order by hours desc
-- example: pivot (from fct_latency_hourly where metric = 'disk_wal_fsync_seconds') on entity using max(p99) group by hour order by hour
with

metrics as (
    select metric, unit, sum_metric, count_metric, objective_value as objective
    from dim_metric
    where kind = 'histogram'
),

merged as (
    select * from merged_bucket($cluster, $window_start, $window_end, interval 1 hour)
),

rates as (
    select metric, entity_kind, entity, hour, avg from fct_metric_hourly
    where cluster = $cluster and hour >= $window_start and hour < $window_end
),

sums as (
    select metrics.metric, entity_kind, entity, hour, sum(avg) as rate
    from rates join metrics on metrics.sum_metric = rates.metric
    group by all
),

counts as (
    select metrics.metric, entity_kind, entity, hour, sum(avg) as rate
    from rates join metrics on metrics.count_metric = rates.metric
    group by all
),

means as (
    select sums.*, case when counts.rate > 0 then sums.rate / counts.rate end as mean
    from sums join counts using (metric, entity_kind, entity, hour)
),

extractions as (
    select metric, hour, collected_until from raw_extraction
    where cluster = $cluster and hour >= $window_start and hour < $window_end
),

measured as (
    select
        merged.*,
        metrics.unit,
        metrics.objective,
        limit_below(metrics.objective, les) as limit_low,
        limit_above(metrics.objective, les) as limit_high
    from merged join metrics on metrics.metric = merged.metric
),

shared as (
    select
        *,
        case when objective is not null then bucket_share(limit_low, les, counts) end as share_at_or_below_low,
        case when objective is not null then bucket_share(limit_high, les, counts) end as share_at_or_below_high
    from measured
),

final as (
    select
        $cluster as cluster,
        shared.metric,
        shared.unit,
        shared.entity_kind,
        shared.entity,
        shared.node,
        shared.start as hour,
        shared.points,
        shared.observations,
        bucket_quantile(0.5, les, counts) as p50,
        bucket_quantile(0.9, les, counts) as p90,
        bucket_quantile(0.99, les, counts) as p99,
        case when observations > 0 then bucket_low(0.99, les, counts) end as p99_low,
        case when observations > 0 then bucket_high(0.99, les, counts) end as p99_high,
        means.mean,
        case when objective is not null then limit_low end as limit_low,
        share_at_or_below_low,
        limit_high,
        share_at_or_below_high,
        objective,
        objective_certainty(objective, les, counts) as certainty,
        shared.start + interval 1 hour > $now
            or coalesce(extractions.collected_until < shared.start + interval 1 hour, false) as provisional
    from shared
    left join means
        on means.metric = shared.metric and means.entity_kind = shared.entity_kind
        and means.entity = shared.entity and means.hour = shared.start
    left join extractions on extractions.metric = shared.metric and extractions.hour = shared.start
)

select * from final
order by metric, entity_kind, entity, hour
