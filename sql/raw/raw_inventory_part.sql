-- raw_inventory_part: how each part of a snapshot of the Kubernetes API ended.
-- Every state but ok leaves the part's values out of the other tables: what is not known is not zero.
-- grain: one row per cluster, snapshot and part
-- keys: cluster, taken_at, part
-- time: taken_at
-- keep: hourly
-- example: select part, state, error from raw_inventory_part where cluster = $cluster and state not in ('ok', 'not_applicable') order by taken_at desc, part limit 20
-- example: select part, avg(seconds) as seconds, sum(requests) as requests from raw_inventory_part where taken_at >= $t0 and taken_at < $t1 group by all order by seconds desc
-- example: select cluster, max(taken_at) as taken_at from raw_inventory_part group by all
create table if not exists raw_inventory_part (
    cluster varchar,
    taken_at timestamp,
    part varchar,
    kind varchar,
    state varchar,
    seconds double,
    requests bigint,
    error varchar
)
