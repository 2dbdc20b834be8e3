-- raw_series_label: labels of every series ever collected, and when it was first and last seen.
-- grain: one row per cluster and series
-- keys: cluster, series_id
-- keep: hourly by last_seen
-- example: select metric, labels from raw_series_label where domain = 'etcd' and cluster = $cluster limit 10
-- example: select labels['instance'] as instance, count(*) as series from raw_series_label group by all order by series desc
-- example: select metric, count(*) as series from raw_series_label where last_seen < $middle group by all order by series desc
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
