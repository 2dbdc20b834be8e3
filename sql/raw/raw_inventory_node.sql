-- raw_inventory_node: nodes with roles, capacity, taints and versions.
-- grain: one row per cluster, snapshot and node
-- keys: cluster, taken_at, node
-- time: taken_at
-- keep: hourly
-- example: select node, roles, ready, cpu_cores, memory_bytes, taints from raw_inventory_node where cluster = $cluster and taken_at >= $t0 and taken_at < $t1 order by taken_at desc, node limit 20
-- example: select taken_at, count(*) as nodes, count(*) filter (ready is distinct from 'True') as not_ready from raw_inventory_node where cluster = $cluster group by all order by taken_at
-- example: select kernel_version, container_runtime, count(distinct node) as nodes from raw_inventory_node where cluster = $cluster and taken_at >= $t0 group by all
create table if not exists raw_inventory_node (
    cluster varchar,
    taken_at timestamp,
    node varchar,
    roles varchar[],
    ready varchar,
    unschedulable boolean,
    taints varchar[],
    cpu_cores double,
    memory_bytes bigint,
    ephemeral_storage_bytes bigint,
    pods bigint,
    allocatable_cpu_cores double,
    allocatable_memory_bytes bigint,
    allocatable_ephemeral_storage_bytes bigint,
    allocatable_pods bigint,
    kubelet_version varchar,
    kernel_version varchar,
    container_runtime varchar,
    os_image varchar,
    architecture varchar,
    instance_type varchar,
    zone varchar,
    created_at timestamp
)
