-- raw_inventory_pool: machine config pools of OpenShift: how many machines have the pool's configuration.
-- grain: one row per cluster, snapshot and pool
-- keys: cluster, taken_at, pool
-- time: taken_at
-- keep: hourly
-- example: select pool, machines, updated_machines, ready_machines, degraded_machines, paused from raw_inventory_pool where cluster = $cluster order by taken_at desc, pool limit 10
-- example: select taken_at, pool, machines - updated_machines as behind from raw_inventory_pool where updating = 'True' and taken_at >= $t0 order by taken_at
-- example: select pool, list(distinct configuration) as configurations from raw_inventory_pool where cluster = $cluster group by all
create table if not exists raw_inventory_pool (
    cluster varchar,
    taken_at timestamp,
    pool varchar,
    paused boolean,
    machines bigint,
    ready_machines bigint,
    updated_machines bigint,
    unavailable_machines bigint,
    degraded_machines bigint,
    updated varchar,
    updating varchar,
    degraded varchar,
    configuration varchar
)
