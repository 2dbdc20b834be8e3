-- rpt_inventory_operator: cluster operators at a moment, with reason and message where not well.
-- Well is Available True and Degraded not True. The words are those of the condition that is worst: unavailable, then
-- degraded, then progressing.
-- grain: one row per operator
-- macro: rpt_inventory_operator(of_cluster, moment)
-- example: from rpt_inventory_operator($cluster, $t1)
-- example: select operator, reason, message, since from rpt_inventory_operator($cluster, $t1) where not is_well
-- example: select version, count(*) as operators from rpt_inventory_operator($cluster, $t1) group by all
with

found as (
    select
        operator.*,
        available is not distinct from 'True' and degraded is distinct from 'True' as is_well,
        case
            when available is distinct from 'True' then 'Available'
            when degraded = 'True' then 'Degraded'
            when progressing = 'True' then 'Progressing'
        end as condition
    from inventory_taken(of_cluster, moment) as snapshot
    join raw_inventory_operator as operator
        on operator.cluster = snapshot.cluster and operator.taken_at = snapshot.taken_at
),

final as (
    select
        found.* exclude (condition),
        stated.reason,
        stated.message,
        stated.since
    from found
    left join raw_inventory_condition as stated
        on stated.cluster = found.cluster
        and stated.taken_at = found.taken_at
        and stated.object_kind = 'clusteroperator'
        and stated.object_name = found.operator
        and stated.condition = found.condition
)

select * from final
order by is_well, operator
