-- raw_sample: samples of all domains.
-- view
-- grain: one row per cluster, series and sample time
-- time: ts
-- union: domain
-- example: select ts, value from raw_sample where domain = 'etcd' and metric = 'disk_wal_fsync_seconds_duration_p99' and cluster = $cluster and ts >= $middle order by ts
-- example: select series.entity, max(sample.value) as worst from raw_sample as sample join raw_series as series using (cluster, series_id) where sample.domain = 'node' and sample.metric = 'node_cpu_busy' and sample.ts >= $middle group by all
-- example: select domain, count(*) as samples from raw_sample where ts >= $middle group by all order by samples desc
select '${domain}' as domain, cluster, metric, series_id, ts, value from raw_${domain}
