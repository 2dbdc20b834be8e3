-- rpt_latency: merged latency quantiles of every entity over any window, with what their buckets prove.
-- The window is widened to whole five minutes, or hours where five-minute buckets are gone: see latency_window.
-- P99 lies between p99_low and p99_high. limit_low and limit_high are the bucket bounds around the objective; the shares
-- say how many operations were at or below them.
-- grain: one row per metric and entity
-- macro: rpt_latency(of_cluster, t0, t1)
-- example: select entity, p50, p99, p99_low, p99_high, observations from rpt_latency($cluster, $t0, $t1) where metric = 'disk_wal_fsync_seconds' order by p99 desc
-- example: select metric, entity, p99, objective, certainty from rpt_latency($cluster, $t0, $t1) where certainty in ('certain', 'possible')
-- example: select metric, max(p99) as worst_p99, unit from rpt_latency($cluster, $middle, $t1) group by all order by all
select * from entity_latency(of_cluster, t0, t1, null::varchar[])
order by metric, entity_kind, entity
