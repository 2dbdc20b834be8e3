-- wal_fsync_p99_latency: P99 of etcd's WAL fsync, sample by sample, as Prometheus answered.
-- view
-- grain: one row per cluster, sample time and pod
select
    sample.cluster,
    sample.ts,
    series.node,
    series.pod,
    sample.value as p99_seconds
from raw_sample as sample
join raw_series as series on series.cluster = sample.cluster and series.series_id = sample.series_id
where sample.domain = 'etcd' and sample.metric = 'disk_wal_fsync_seconds_duration_p99'
