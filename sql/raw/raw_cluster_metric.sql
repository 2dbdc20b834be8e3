-- raw_cluster_metric: how each cluster is asked for each metric of the catalogue: flavours and scopes differ.
-- grain: one row per cluster and metric
-- keys: cluster, metric
-- example: select query from raw_cluster_metric where cluster = $cluster and metric = 'disk_wal_fsync_seconds'
-- example: select metric from raw_cluster_metric where cluster = $cluster and absent_means = 'not_applicable' order by metric
-- example: select metric, count(distinct query) as queries from raw_cluster_metric group by all having queries > 1 order by metric
create table if not exists raw_cluster_metric (
    cluster varchar,
    metric varchar,
    query varchar,
    expr_hash varchar,
    absent_means varchar,
    job varchar
)
