-- dim_cluster: every cluster that is configured or has data: what tells it apart, its version, its size, how long it is known.
-- version is OpenShift's last whose update completed, by the metrics, else by the last snapshot of the Kubernetes API; where
-- there is no OpenShift, that of Kubernetes. platform is of that snapshot. nodes are those seen in the last hour that has any.
-- configured is NULL for data of a cluster that was never configured by name here.
-- grain: one row per cluster
-- keys: cluster
-- window: none
-- example: select cluster, labels, version, nodes, last_seen from dim_cluster order by cluster
-- example: select version, list(cluster) as clusters from dim_cluster group by all
-- example: select cluster, removed_at from dim_cluster where not configured
with

collected as (
    select cluster, min(hour) as first_seen, max(coalesce(collected_until, hour + interval 1 hour)) as last_seen
    from raw_extraction
    where status <> 'error'
    group by cluster
),

versions as (
    select cluster, arg_max(labels['version'], last_seen) as version
    from raw_series_label
    where metric = 'cluster_version' and labels['type'] = 'completed'
    group by cluster
),

snapshots as (
    select
        cluster,
        arg_max(platform, taken_at) as platform,
        arg_max(coalesce(version, kubernetes_version), taken_at) as version
    from raw_inventory_cluster
    group by cluster
),

newest as (
    select cluster, max(last_seen) as last_seen from dim_node group by cluster
),

sizes as (
    select dim_node.cluster, count(*) as nodes
    from dim_node
    join newest on newest.cluster = dim_node.cluster
    where dim_node.last_seen > newest.last_seen - interval 1 hour
    group by dim_node.cluster
),

final as (
    select
        coalesce(told.cluster, collected.cluster) as cluster,
        coalesce(told.labels, map([]::varchar[], []::varchar[])) as labels,
        told.flavour,
        told.namespaces,
        told.step_s,
        told.configured,
        told.first_configured_at,
        told.removed_at,
        snapshots.platform,
        coalesce(versions.version, snapshots.version) as version,
        sizes.nodes,
        collected.first_seen,
        collected.last_seen
    from raw_cluster as told
    full join collected on collected.cluster = told.cluster
    left join versions on versions.cluster = coalesce(told.cluster, collected.cluster)
    left join snapshots on snapshots.cluster = coalesce(told.cluster, collected.cluster)
    left join sizes on sizes.cluster = coalesce(told.cluster, collected.cluster)
)

select * from final
