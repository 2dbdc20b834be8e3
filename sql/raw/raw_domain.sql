-- raw_domain: samples of every gauge and state metric of one domain, as Prometheus answered.
-- A NULL value is a NaN: the series was there and had no observations.
-- A state metric stores only the first and the last sample of each unbroken run of equal values.
-- grain: one row per cluster, series and sample time
-- keys: cluster, series_id, ts
-- time: ts
-- keep: raw
-- for each: domain
-- example: select metric, count(*) as samples, max(ts) as newest from raw_${domain} where cluster = $cluster and ts >= $middle group by all order by metric
-- example: select series.entity, sample.ts, sample.value from raw_${domain} as sample join raw_series as series using (cluster, series_id) where sample.ts >= $t1 - interval 1 hour limit 20
-- example: select metric, count(distinct series_id) as series from raw_${domain} where ts >= $middle group by all order by series desc
create table if not exists raw_${domain} (
    cluster varchar,
    metric varchar,
    series_id bigint,
    ts timestamp,
    value double
)
