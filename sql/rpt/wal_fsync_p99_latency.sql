-- wal_fsync_p99_latency: P99 of etcd's WAL fsync, sample by sample, as Prometheus answered.
-- view
-- grain: one row per cluster, sample time and pod
-- example: from wal_fsync_p99_latency where cluster = $cluster and ts >= $middle order by ts
-- example: select node, max(p99_seconds) as worst_s from wal_fsync_p99_latency where ts >= $t0 group by all order by worst_s desc
-- example: select time_bucket(interval 1 hour, ts) as hour, node, max(p99_seconds) as worst_s from wal_fsync_p99_latency group by all order by all
select
    sample.cluster,
    sample.ts,
    series.node,
    series.pod,
    sample.value as p99_seconds
from raw_sample as sample
join raw_series as series on series.cluster = sample.cluster and series.series_id = sample.series_id
where sample.domain = 'etcd' and sample.metric = 'disk_wal_fsync_seconds_duration_p99'
