-- raw_inventory_operator: cluster operators with version and conditions.
-- The statuses are Kubernetes' own: True, False or Unknown; NULL where the operator says nothing. raw_inventory_condition has
-- reasons and messages.
-- grain: one row per cluster, snapshot and operator
-- keys: cluster, taken_at, operator
-- time: taken_at
-- keep: hourly
-- example: select operator, available, degraded from raw_inventory_operator where cluster = $cluster and (available is distinct from 'True' or degraded = 'True') order by taken_at desc limit 20
-- example: select operator, version from raw_inventory_operator where taken_at >= $t0 and taken_at < $t1 group by all order by operator
-- example: select operator, count(*) filter (degraded = 'True') as degraded_snapshots from raw_inventory_operator where cluster = $cluster group by all order by degraded_snapshots desc limit 10
create table if not exists raw_inventory_operator (
    cluster varchar,
    taken_at timestamp,
    operator varchar,
    version varchar,
    available varchar,
    progressing varchar,
    degraded varchar,
    upgradeable varchar
)
