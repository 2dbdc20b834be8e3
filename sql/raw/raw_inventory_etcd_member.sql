-- raw_inventory_etcd_member: members of etcd as etcdctl, run in every pod of etcd, finds them. Empty unless
-- OCPPERF_ETCD_EXEC turned it on. A column that the member's version does not tell is NULL, and so is health of learners.
-- grain: one row per cluster, snapshot and member
-- keys: cluster, taken_at, member
-- time: taken_at
-- keep: hourly
-- example: select member, node, is_healthy, is_leader, version, db_size_bytes, errors from raw_inventory_etcd_member where cluster = $cluster order by taken_at desc, member limit 5
-- example: select taken_at, member, unhealthy_from, errors from raw_inventory_etcd_member where not is_healthy and taken_at >= $t0 and taken_at < $t1
-- example: select member, max(raft_index) - min(raft_index) as entries, max(took_s) as took_s from raw_inventory_etcd_member where cluster = $cluster group by all
create table if not exists raw_inventory_etcd_member (
    cluster varchar,
    taken_at timestamp,
    member varchar,
    member_id varchar,
    node varchar,
    endpoint varchar,
    is_healthy boolean,
    healthy_from varchar[],
    unhealthy_from varchar[],
    took_s double,
    is_leader boolean,
    is_learner boolean,
    version varchar,
    storage_version varchar,
    db_size_bytes bigint,
    db_size_in_use_bytes bigint,
    db_quota_bytes bigint,
    raft_term ubigint,
    raft_index ubigint,
    raft_applied_index ubigint,
    alarms varchar[],
    errors varchar[]
)
