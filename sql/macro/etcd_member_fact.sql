-- etcd_member_fact: what is known of each member of etcd, from each source that tells it.
-- macro: etcd_member_fact(of_cluster, t0, t1)
with

gauges as (
    select
        member,
        field,
        case when field in ('has_leader', 'is_leader', 'is_learner') then (value = 1)::varchar
            when field = 'db_quota_share' then round(value, 4)::varchar
            else value::bigint::varchar
        end as value,
        metric as source,
        told_at
    from etcd_gauge(of_cluster, t1)
),

judged as materialized (
    from etcd_metric_health(of_cluster, t1)
),

health as (
    select member, 'is_healthy' as field, is_healthy::varchar as value, source, told_at from judged
    union all
    select member, 'is_scraped', is_up::varchar, 'target_up', told_at from judged
),

versions as (
    select
        coalesce(node, pod, entity) as member,
        'version' as field,
        arg_max(labels['server_version'], last_seen) as value,
        'etcd_member_version' as source,
        least(max(last_seen), t1) as told_at
    from raw_series
    where cluster = of_cluster and metric = 'etcd_member_version'
        and first_seen < t1 and last_seen >= t1 - interval 15 minutes
    group by member
),

-- A rate over five minutes, every five minutes: times their length it adds up to the count.
counts as (
    select
        coalesce(series.node, series.pod, series.entity) as member,
        case point.metric when 'leader_changes_rate' then 'leader_changes' else 'health_failures' end as field,
        round(sum(point.avg) * 300, 1)::varchar as value,
        point.metric as source,
        least(max(point.ts) + interval 5 minutes, t1) as told_at
    from fct_metric_5m as point
    join dim_series as series on series.cluster = point.cluster and series.series_id = point.series_id
    where point.cluster = of_cluster and point.metric in ('leader_changes_rate', 'etcd_server_health_failures')
        and point.ts >= t0 and point.ts < t1 and point.avg is not null
    group by all
),

told as (
    select
        coalesce(found.node, found.member) as member,
        {
            'is_healthy': found.is_healthy::varchar,
            'is_leader': found.is_leader::varchar,
            'is_learner': found.is_learner::varchar,
            'version': found.version,
            'db_size_bytes': found.db_size_bytes::varchar,
            'db_size_in_use_bytes': found.db_size_in_use_bytes::varchar,
            'db_quota_share': round(found.db_size_bytes / nullif(found.db_quota_bytes, 0), 4)::varchar,
            'raft_term': found.raft_term::varchar,
            'alarms': nullif(array_to_string(found.alarms, ', '), ''),
            'errors': nullif(array_to_string(found.errors, '; '), ''),
            'unreachable_from': nullif(array_to_string(found.unhealthy_from, ', '), '')
        } as fact,
        found.taken_at
    from etcd_snapshot(of_cluster, t1) as snapshot
    join raw_inventory_etcd_member as found
        on found.cluster = snapshot.cluster and found.taken_at = snapshot.taken_at
),

etcdctl as (
    unpivot (select member, taken_at, unnest(fact) from told)
    on columns(* exclude (member, taken_at))
    into name field value value
),

final as (
    from gauges
    union all by name
    from health
    union all by name
    from versions
    union all by name
    from counts
    union all by name
    select member, field, value, 'etcdctl' as source, taken_at as told_at from etcdctl
)

select * from final
where value is not null
