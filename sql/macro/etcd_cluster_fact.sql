-- etcd_cluster_fact: what is known of etcd as a whole, from each source that tells it.
-- macro: etcd_cluster_fact(of_cluster, t0, t1)
with

members as (
    from etcd_member_fact(of_cluster, t0, t1)
),

health as (
    select
        count(*) as expected,
        count(*) filter (is_healthy) as healthy,
        count(*) filter (not is_healthy) as unhealthy,
        count(*) filter (is_up) as scraped,
        max(told_at) as told_at
    from etcd_metric_health(of_cluster, t1)
    having count(*) > 0
),

judged as (
    select
        *,
        case
            when healthy = expected then 'healthy'
            when healthy = 0 and unhealthy > 0 or unhealthy >= expected - expected // 2 then 'no quorum'
            when unhealthy > 0 and healthy > expected // 2 then 'degraded'
        end as state
    from health
),

by_metrics(field, value, source, told_at) as (
    select 'state', state, 'etcd_has_leader, target_up', told_at from judged
    union all
    select 'members_expected', expected::varchar, 'target_up', told_at from judged
    union all
    select 'members_scraped', scraped::varchar, 'target_up', told_at from judged
    union all
    select 'members_healthy', healthy::varchar, 'etcd_has_leader', told_at from judged
),

-- Of two that say they lead, one has not heard of the election yet.
merged as (
    select 'leader' as field, string_agg(member, ', ' order by member) as value, source, max(told_at) as told_at
    from members
    where field = 'is_leader' and value = 'true'
    group by source
    union all
    select field, bool_or(value = 'true')::varchar, source, max(told_at)
    from members
    where field = 'has_leader'
    group by field, source
    union all
    select field, string_agg(distinct value, ', ' order by value), source, max(told_at)
    from members
    where field = 'version'
    group by field, source
    union all
    select
        field,
        case when ends_with(field, '_bytes') then max(value::bigint)::varchar else max(value::double)::varchar end,
        source,
        max(told_at)
    from members
    where field in ('leader_changes', 'health_failures', 'db_size_bytes', 'db_size_in_use_bytes', 'db_quota_share')
    group by field, source
),

agreed as (
    select
        'cluster_version' as field,
        string_agg(distinct labels['cluster_version'], ', ' order by labels['cluster_version']) as value,
        'etcd_cluster_version' as source,
        least(max(last_seen), t1) as told_at
    from raw_series
    where cluster = of_cluster and metric = 'etcd_cluster_version'
        and first_seen < t1 and last_seen >= t1 - interval 15 minutes
    having count(*) > 0
),

final as (
    from by_metrics
    union all by name
    from merged
    union all by name
    from agreed
    union all by name
    from etcd_told(of_cluster, t1)
)

select * from final
where value is not null
