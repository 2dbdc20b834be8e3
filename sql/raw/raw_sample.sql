-- raw_sample: samples of all domains.
-- view
-- grain: one row per cluster, series and sample time
-- time: ts
-- union: domain
select '${domain}' as domain, cluster, metric, series_id, ts, value from raw_${domain}
