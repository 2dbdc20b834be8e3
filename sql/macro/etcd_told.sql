-- etcd_told: what the etcd operator's conditions and etcdctl tell of etcd as a whole, as of the last snapshot at a moment.
-- etcdctl that was not run, and conditions that could not be read, are told as that.
-- macro: etcd_told(of_cluster, moment)
with

snapshot as (
    from etcd_snapshot(of_cluster, moment)
),

conditions as (
    select stated.*
    from snapshot
    join raw_inventory_condition as stated
        on stated.cluster = snapshot.cluster and stated.taken_at = snapshot.taken_at
    where stated.object_kind = 'etcd' or (stated.object_kind = 'clusteroperator' and stated.object_name = 'etcd')
),

operator as (
    select
        case
            when bool_or(condition = 'EtcdMembersAvailable' and status = 'False') then 'no quorum'
            when bool_or(condition = 'EtcdMembersDegraded' and status = 'True') then 'degraded'
            when bool_or(condition = 'EtcdMembersAvailable' and status = 'True')
                and bool_or(condition = 'EtcdMembersDegraded' and status = 'False') then 'healthy'
        end as value,
        max(taken_at) as told_at
    from conditions
    where object_kind = 'etcd'
),

worth_saying as (
    select
        'condition' as field,
        concat_ws(': ', condition || ' ' || status, coalesce(message, reason)) as value,
        'operator condition ' || object_kind || '/' || object_name as source,
        taken_at as told_at
    from conditions
    where condition = 'EtcdMembersAvailable'
        or (ends_with(condition, 'Degraded') and status <> 'False')
        or (ends_with(condition, 'Available') and status <> 'True')
),

etcdctl as (
    select found.* from snapshot
    join raw_inventory_etcd as found on found.cluster = snapshot.cluster and found.taken_at = snapshot.taken_at
),

final(field, value, source, told_at) as (
    select 'state', value, 'operator conditions EtcdMembersAvailable, EtcdMembersDegraded', told_at from operator
    union all
    from worth_saying
    union all
    select 'state', nullif(state, 'unknown'), 'etcdctl', taken_at from etcdctl
    union all
    select 'members_expected', voting_members::varchar, 'etcdctl', taken_at from etcdctl
    union all
    select 'members_healthy', healthy_members::varchar, 'etcdctl', taken_at from etcdctl
    union all
    select 'verdict', concat_ws('; ', verdict, nullif(array_to_string(reasons, '; '), '')), 'etcdctl', taken_at
    from etcdctl
    union all
    select 'not_asked', part.part || ' ' || part.state, 'inventory', part.taken_at
    from snapshot
    join raw_inventory_part as part on part.cluster = snapshot.cluster and part.taken_at = snapshot.taken_at
    where part.part in ('etcdctl', 'etcd_operator') and part.state not in ('ok', 'not_applicable')
)

select * from final
