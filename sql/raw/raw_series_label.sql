-- raw_series_label: labels of every series ever collected, and when it was first and last seen.
-- grain: one row per cluster and series
-- keys: cluster, series_id
-- keep: hourly by last_seen
create table if not exists raw_series_label (
    cluster varchar,
    domain varchar,
    metric varchar,
    series_id bigint,
    labels map(varchar, varchar),
    first_seen timestamp,
    last_seen timestamp,
    changed_version bigint
)
