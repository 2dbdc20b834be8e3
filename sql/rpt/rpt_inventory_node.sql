-- rpt_inventory_node: nodes at a moment, with what they state that is not well.
-- Ready has to be True and any other condition False, so that one that is Unknown is named as well.
-- grain: one row per node
-- macro: rpt_inventory_node(of_cluster, moment)
-- example: select node, role, ready, unwell, unschedulable from rpt_inventory_node($cluster, $t1)
-- example: select role, count(*) as nodes, count(*) filter (ready = 'True') as ready from rpt_inventory_node($cluster, $t1) group by all
-- example: select node, cpu_cores, allocatable_cpu_cores, memory_bytes / 1e9 as gigabytes from rpt_inventory_node($cluster, $t1) order by cpu_cores desc
with

found as (
    select node.*
    from inventory_taken(of_cluster, moment) as snapshot
    join raw_inventory_node as node on node.cluster = snapshot.cluster and node.taken_at = snapshot.taken_at
),

unwell as (
    select
        stated.object_name as node,
        list(
            concat(stated.condition, ' ', stated.status, coalesce(' (' || stated.reason || ')', ''))
            order by stated.condition
        ) as unwell
    from inventory_taken(of_cluster, moment) as snapshot
    join raw_inventory_condition as stated
        on stated.cluster = snapshot.cluster and stated.taken_at = snapshot.taken_at
    where stated.object_kind = 'node'
        and stated.status is distinct from case stated.condition when 'Ready' then 'True' else 'False' end
    group by all
),

ranked as (
    select
        node,
        unnest(roles) as role,
        case role when 'control-plane' then 0 when 'infra' then 1 when 'worker' then 3 else 2 end as precedence
    from found
),

first_roles as (
    select node, first(role order by precedence, role) as role from ranked group by node
),

final as (
    select
        found.* exclude (roles),
        first_roles.role,
        found.roles,
        coalesce(unwell.unwell, []) as unwell
    from found
    left join first_roles on first_roles.node = found.node
    left join unwell on unwell.node = found.node
)

select * from final
order by node
