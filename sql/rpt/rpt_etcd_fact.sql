-- rpt_etcd_fact: what is known of etcd at the end of a window, field by field, each with the source that tells it and when.
-- Sources are a metric of the catalogue, a condition of the etcd operator, or etcdctl. Where several tell the same field,
-- agrees says whether they say the same; sizes differ with the time and are not compared. member is NULL for the whole.
-- health_failures and leader_changes are counts over the window. A field that nobody tells has no row: it is not known.
-- grain: one row per member, field, source and value
-- macro: rpt_etcd_fact(of_cluster, t0, t1)
-- example: select field, value, source, told_at, agrees from rpt_etcd_fact($cluster, $t0, $t1) where member is null
-- example: select member, field, value, source from rpt_etcd_fact($cluster, $middle, $t1) where agrees = false
-- example: select member, value as version from rpt_etcd_fact($cluster, $t0, $t1) where field = 'version' order by member
with

members as materialized (
    from etcd_member_fact(of_cluster, t0, t1)
),

learners as (
    select distinct member from members where field = 'is_learner' and value = 'true'
),

-- Learners do not vote, and are not counted: by etcdctl neither.
counted as (
    select
        count(distinct member) as expected,
        count(*) filter (field = 'is_healthy' and value = 'true') as healthy,
        count(*) filter (field = 'is_healthy' and value = 'false') as unhealthy,
        count(*) filter (field = 'is_scraped' and value = 'true') as scraped,
        max(told_at) as told_at
    from members
    anti join learners on learners.member = members.member
    where field in ('is_healthy', 'is_scraped') and source <> 'etcdctl'
    having count(*) > 0
),

by_metrics(field, value, source, told_at) as (
    select
        'state',
        case
            when healthy = expected then 'healthy'
            when unhealthy >= expected - expected // 2 then 'no quorum'
            when unhealthy > 0 and healthy > expected // 2 then 'degraded'
        end,
        'etcd_has_leader, target_up',
        told_at
    from counted
    union all
    select 'members_expected', expected::varchar, 'target_up', told_at from counted
    union all
    select 'members_scraped', scraped::varchar, 'target_up', told_at from counted
    union all
    select 'members_healthy', healthy::varchar, 'etcd_has_leader', told_at from counted
),

-- Of two that say they lead, one has not heard of the election yet.
merged as (
    select
        case members.field when 'is_leader' then 'leader' else members.field end as field,
        case
            when members.field = 'is_leader' then string_agg(member, ', ' order by member) filter (value = 'true')
            when members.field = 'has_leader' then bool_or(value = 'true')::varchar
            when members.field = 'version' then string_agg(distinct value, ', ' order by value)
            when ends_with(members.field, '_bytes') then max(try_cast(value as bigint))::varchar
            else max(try_cast(value as double))::varchar
        end as value,
        members.source,
        max(told_at) as told_at
    from members
    where members.field in (
        'is_leader', 'has_leader', 'version', 'leader_changes', 'health_failures',
        'db_size_bytes', 'db_size_in_use_bytes', 'db_quota_share'
    )
    group by members.field, members.source
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
),

facts as (
    select null as member, * from by_metrics
    union all by name
    from merged
    union all by name
    from agreed
    union all by name
    from etcd_told(of_cluster, t1)
    union all by name
    from members
),

compared as (
    select member, field, count(distinct value) = 1 as agrees
    from facts
    where value is not null and field in (
        'state', 'leader', 'version', 'members_expected', 'members_healthy', 'is_healthy', 'is_leader', 'is_learner'
    )
    group by member, field
    having count(distinct source) > 1
),

final as (
    select of_cluster as cluster, facts.*, compared.agrees
    from facts
    left join compared on compared.member is not distinct from facts.member and compared.field = facts.field
    where facts.value is not null
)

select * from final
order by member nulls first, agrees nulls last, field, source, value
