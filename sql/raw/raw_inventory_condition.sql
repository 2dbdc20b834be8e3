-- raw_inventory_condition: conditions as objects of the cluster state them: nodes, operators, pools, the version.
-- grain: one row per cluster, snapshot, object and condition
-- keys: cluster, taken_at, object_kind, object_name, condition
-- time: taken_at
-- keep: hourly
-- example: select object_name, condition, status, reason, since from raw_inventory_condition where cluster = $cluster and object_kind = 'etcd' order by taken_at desc, condition limit 20
-- example: select taken_at, object_name, reason, message from raw_inventory_condition where condition = 'Degraded' and status = 'True' and taken_at >= $t0
-- example: select object_name, count(*) as snapshots from raw_inventory_condition where object_kind = 'node' and condition = 'Ready' and status <> 'True' group by all order by snapshots desc
create table if not exists raw_inventory_condition (
    cluster varchar,
    taken_at timestamp,
    object_kind varchar,
    object_name varchar,
    condition varchar,
    status varchar,
    reason varchar,
    message varchar,
    since timestamp
)
