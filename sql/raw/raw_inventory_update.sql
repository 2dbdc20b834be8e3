-- raw_inventory_update: updates that the cluster remembers.
-- grain: one row per cluster, snapshot, version and start of the update
-- keys: cluster, taken_at, version, started_at
-- time: taken_at
-- keep: hourly
-- example: select distinct version, state, started_at, completed_at from raw_inventory_update where cluster = $cluster order by started_at
-- example: select version, completed_at - started_at as took from raw_inventory_update where taken_at >= $t0 and taken_at < $t1 group by all
-- example: select cluster, version, started_at from raw_inventory_update where state = 'Partial' order by taken_at desc limit 5
create table if not exists raw_inventory_update (
    cluster varchar,
    taken_at timestamp,
    version varchar,
    state varchar,
    started_at timestamp,
    completed_at timestamp
)
