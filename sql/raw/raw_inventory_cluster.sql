-- raw_inventory_cluster: versions, platform and network of a cluster.
-- grain: one row per cluster and snapshot
-- keys: cluster, taken_at
-- time: taken_at
-- keep: hourly
-- example: select taken_at, version, desired_version, kubernetes_version, platform from raw_inventory_cluster where cluster = $cluster order by taken_at desc limit 1
-- example: select version, min(taken_at) as first_seen, max(taken_at) as last_seen from raw_inventory_cluster where cluster = $cluster group by all order by first_seen
-- example: select cluster, arg_max(network_type, taken_at) as network_type, arg_max(network_mtu_bytes, taken_at) as network_mtu_bytes from raw_inventory_cluster group by all
create table if not exists raw_inventory_cluster (
    cluster varchar,
    taken_at timestamp,
    is_openshift boolean,
    version varchar,
    desired_version varchar,
    channel varchar,
    cluster_id varchar,
    kubernetes_version varchar,
    api_platform varchar,
    platform varchar,
    infrastructure_name varchar,
    api_address varchar,
    control_plane_topology varchar,
    infrastructure_topology varchar,
    network_type varchar,
    network_mtu_bytes bigint,
    pod_cidrs varchar[],
    service_cidrs varchar[]
)
