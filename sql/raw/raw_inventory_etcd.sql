-- raw_inventory_etcd: what etcdctl, run in etcd's pods, amounts to. Empty unless OCPPERF_ETCD_EXEC turned it on.
-- grain: one row per cluster and snapshot
-- keys: cluster, taken_at
-- time: taken_at
-- keep: hourly
-- example: select taken_at, verdict, leader, reasons from raw_inventory_etcd where cluster = $cluster order by taken_at desc limit 5
-- example: select state, count(*) as snapshots from raw_inventory_etcd where taken_at >= $t0 and taken_at < $t1 group by all
-- example: select taken_at, unnest(reasons) as reason from raw_inventory_etcd where state <> 'healthy' order by taken_at desc limit 20
create table if not exists raw_inventory_etcd (
    cluster varchar,
    taken_at timestamp,
    state varchar,
    verdict varchar,
    healthy_members bigint,
    answering_members bigint,
    voting_members bigint,
    leader varchar,
    learners varchar[],
    reasons varchar[]
)
