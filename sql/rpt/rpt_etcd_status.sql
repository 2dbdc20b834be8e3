-- rpt_etcd_status: etcd at the end of a window: a row for the whole (member is NULL) and a row for each member.
-- A field is that of the metrics where they tell it, else of the operator or etcdctl. sources has every fact of the row, as
-- rpt_etcd_fact has them: which source told it, and when. disagreements are fields of which they say different things.
-- state: healthy, degraded, no quorum, unhealthy (of a member) or unknown; disputed where the metrics call healthy what
-- another source does not. The leader is one for all rows: a member that led when etcdctl was asked need not lead now.
-- grain: one row for the whole and one per member
-- macro: rpt_etcd_status(of_cluster, t0, t1)
-- example: from rpt_etcd_status($cluster, $t0, $t1)
-- example: select member, is_leader, version, db_size_bytes, db_quota_share from rpt_etcd_status($cluster, $middle, $t1) where member is not null
-- example: select state, leader, members_healthy, members_expected, disagreements from rpt_etcd_status($cluster, $t0, $t1) where member is null
with

facts as materialized (
    select
        *,
        case when source = 'etcdctl' then 2 when starts_with(source, 'operator') then 1 else 0 end as rank
    from rpt_etcd_fact(of_cluster, t0, t1)
),

chosen as (
    select
        member,
        field,
        first(value order by rank, told_at desc) as value,
        bool_and(agrees) as agrees,
        string_agg(value || ' by ' || source, ', ' order by rank) as said,
        list(
            {'field': field, 'value': value, 'source': source, 'told_at': told_at, 'agrees': agrees}
            order by rank, value
        ) as sources
    from facts
    group by member, field
),

things as (
    select
        member,
        map_from_entries(list((field, value) order by field)) as told,
        flatten(list(sources order by agrees nulls last, field)) as sources,
        coalesce(list(field || ': ' || said order by field) filter (not agrees), []) as disagreements
    from chosen
    group by member
    union all
    -- Without any fact the whole is still asked about.
    select null, map {}::map(varchar, varchar), [], []
    where not exists (from chosen where member is null)
),

stated as (
    select
        *,
        max(told['leader']) over () as the_leader,
        case
            when member is null then told['state']
            when told['is_healthy'] = 'true' then 'healthy'
            when told['is_healthy'] = 'false' then 'unhealthy'
        end as told_state,
        len(list_filter(disagreements, lambda text: regexp_matches(text, '^(state|is_healthy):'))) > 0 as is_disputed
    from things
),

final as (
    select
        of_cluster as cluster,
        member,
        case
            when told_state = 'healthy' and is_disputed then 'disputed'
            else coalesce(told_state, 'unknown')
        end as state,
        told['leader'] as leader,
        told['members_expected']::bigint as members_expected,
        told['members_scraped']::bigint as members_scraped,
        told['members_healthy']::bigint as members_healthy,
        told['has_leader']::boolean as has_leader,
        case when member is not null then list_contains(string_split(the_leader, ', '), member) end as is_leader,
        told['is_learner']::boolean as is_learner,
        told['is_scraped']::boolean as is_scraped,
        told['version'] as version,
        told['cluster_version'] as cluster_version,
        told['db_size_bytes']::bigint as db_size_bytes,
        told['db_size_in_use_bytes']::bigint as db_size_in_use_bytes,
        told['db_quota_share']::double as db_quota_share,
        told['active_peers']::bigint as active_peers,
        told['health_failures']::double as health_failures,
        told['leader_changes']::double as leader_changes,
        told['alarms'] as alarms,
        told['errors'] as errors,
        told['verdict'] as verdict,
        sources,
        disagreements
    from stated
)

select * from final
order by member nulls first
