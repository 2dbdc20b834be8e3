-- raw_inventory_count: how many objects of a kind the cluster has. A kind that could not be counted has no row.
-- grain: one row per cluster, snapshot and kind
-- keys: cluster, taken_at, kind
-- time: taken_at
-- keep: hourly
-- example: select kind, arg_max(objects, taken_at) as objects from raw_inventory_count where cluster = $cluster group by all order by objects desc
-- example: select taken_at, objects from raw_inventory_count where kind = 'networkpolicies' and cluster = $cluster order by taken_at
-- example: select kind, max(objects) - min(objects) as grown_by from raw_inventory_count where taken_at >= $t0 and taken_at < $t1 group by all order by grown_by desc
create table if not exists raw_inventory_count (
    cluster varchar,
    taken_at timestamp,
    kind varchar,
    objects bigint,
    counted_by varchar
)
