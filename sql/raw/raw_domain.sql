-- raw_domain: samples of every gauge and state metric of one domain, as Prometheus answered.
-- A NULL value is a NaN: the series was there and had no observations.
-- A state metric stores only the first and the last sample of each unbroken run of equal values.
-- grain: one row per cluster, series and sample time
-- keys: cluster, series_id, ts
-- time: ts
-- keep: raw
-- for each: domain
create table if not exists raw_${domain} (
    cluster varchar,
    metric varchar,
    series_id bigint,
    ts timestamp,
    value double
)
