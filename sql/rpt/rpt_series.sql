-- rpt_series: how the named metrics moved within a window, for charts: one value a piece, pieces `width` long from t0 on.
-- value is the mean; the worst five minutes of a metric that is itself a quantile; the merged P99 of a latency, and the worst
-- hour's where its five-minute buckets are gone. A piece without a sample has no row.
-- grain: one row per metric, entity, part and piece
-- macro: rpt_series(of_cluster, names, t0, t1, width)
-- example: from rpt_series($cluster, ['node_cpu_busy'], $t0, $t1, interval 1 hour) select ts, node, value
-- example: from rpt_series($cluster, ['disk_wal_fsync_seconds'], $middle, $t1, interval 15 minutes) select ts, entity, value as p99_s
-- example: select ts, avg(value) as busy from rpt_series($cluster, ['node_cpu_busy'], $t0, $t1, interval 30 minutes) where role = 'worker' group by all order by ts
select * from series_of(of_cluster, names, null::bigint[], t0, t1, width)
order by metric, entity, part, ts
