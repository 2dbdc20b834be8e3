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

facts as (
    select null as member, field, value, source, told_at from etcd_cluster_fact(of_cluster, t0, t1)
    union all by name
    select member, field, value, source, told_at from etcd_member_fact(of_cluster, t0, t1)
),

compared as (
    select member, field, count(distinct value) = 1 as agrees
    from facts
    where field in (
        'state', 'leader', 'version', 'members_expected', 'members_healthy', 'is_healthy', 'is_leader', 'is_learner'
    )
    group by member, field
    having count(distinct source) > 1
),

final as (
    select of_cluster as cluster, facts.*, compared.agrees
    from facts
    left join compared on compared.member is not distinct from facts.member and compared.field = facts.field
)

select * from final
order by member nulls first, agrees nulls last, field, source, value
