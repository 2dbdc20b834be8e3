-- raw_histogram: increase of every bucket over (ts, ts + 5 minutes], cumulative in le.
-- grain: one row per cluster, series, start of the five minutes and upper bound
-- keys: cluster, series_id, ts, le
-- time: ts
-- keep: 5m
create table if not exists raw_histogram (
    cluster varchar,
    metric varchar,
    series_id bigint,
    ts timestamp,
    le double,
    increase double
)
