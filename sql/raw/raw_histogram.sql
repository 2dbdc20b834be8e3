-- raw_histogram: increase of every bucket over (ts, ts + 5 minutes], cumulative in le.
-- grain: one row per cluster, series, start of the five minutes and upper bound
-- keys: cluster, series_id, ts, le
-- time: ts
-- keep: 5m
-- example: select ts, le, sum(increase) as operations from raw_histogram where metric = 'disk_wal_fsync_seconds' and ts >= $t1 - interval 1 hour group by all order by all
-- example: select series.entity, max(bucket.increase) as operations from raw_histogram as bucket join raw_series as series using (cluster, series_id) where bucket.metric = 'disk_wal_fsync_seconds' and bucket.ts >= $t1 - interval 1 hour group by all
-- example: select metric, count(distinct le) as buckets from raw_histogram where cluster = $cluster and ts >= $t1 - interval 1 hour group by all order by metric
create table if not exists raw_histogram (
    cluster varchar,
    metric varchar,
    series_id bigint,
    ts timestamp,
    le double,
    increase double
)
