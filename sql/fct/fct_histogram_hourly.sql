-- fct_histogram_hourly: hourly increase of the merged buckets of every entity, cumulative in le.
-- Buckets nothing fell into are left out, but for the last before the first count (its bound limits the next) and +Inf.
-- grain: one row per cluster, metric, entity, hour and upper bound
-- keys: cluster, metric, entity_kind, entity, hour, le
-- window: hour
-- example: select le, sum(increase) as operations from fct_histogram_hourly where metric = 'disk_wal_fsync_seconds' and hour >= $middle group by all order by le
-- example: select entity, hour, max(increase) as operations from fct_histogram_hourly where metric = 'disk_wal_fsync_seconds' and hour >= $middle group by all order by all
-- example: select metric, count(distinct le) as buckets, count(distinct entity) as entities from fct_histogram_hourly where cluster = $cluster group by all
with

merged as (
    select * from merged_bucket($cluster, $window_start, $window_end, interval 1 hour)
),

buckets as (
    select
        metric,
        entity_kind,
        entity,
        node,
        start as hour,
        unnest(les) as le,
        unnest(counts) as increase,
        unnest(counts[2:] || [null]) as next_increase
    from merged
),

final as (
    select
        $cluster as cluster,
        metric,
        entity_kind,
        entity,
        node,
        hour,
        le,
        increase
    from buckets
    where increase > 0 or next_increase > 0 or isinf(le)
)

select * from final
order by metric, entity_kind, entity, hour, le
