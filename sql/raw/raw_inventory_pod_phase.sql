-- raw_inventory_pod_phase: pods by phase. They are the metric's where it is collected, else those of the API's tables.
-- A table's words are those of `kubectl get pods`: a container's own state, like CrashLoopBackOff or Completed, takes the phase's place.
-- grain: one row per cluster, snapshot and phase
-- keys: cluster, taken_at, phase
-- time: taken_at
-- keep: hourly
-- example: select phase, pods, source, counted_at from raw_inventory_pod_phase where cluster = $cluster order by taken_at desc, pods desc limit 10
-- example: select taken_at, pods from raw_inventory_pod_phase where phase = 'Pending' and cluster = $cluster order by taken_at
-- example: select source, count(distinct taken_at) as snapshots from raw_inventory_pod_phase where taken_at >= $t0 group by all
create table if not exists raw_inventory_pod_phase (
    cluster varchar,
    taken_at timestamp,
    phase varchar,
    pods bigint,
    source varchar,
    counted_at timestamp
)
