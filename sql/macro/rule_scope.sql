-- rule_scope: which override of a rule holds on a node of a cluster: the last one written that fits its roles.
-- Rules without one that fits are left out; node is NULL for what belongs to no node, which overrides for roles leave alone.
-- grain: one row per rule and node
-- macro: rule_scope(of_cluster)
with

overrides as (
    select rule, unnest(overrides) as override, generate_subscripts(overrides, 1) as override_no from dim_rule
),

nodes as (
    select n.node, n.roles from dim_node as n where n.cluster = of_cluster
    union all
    select null, []
),

final as (
    select
        overrides.rule,
        nodes.node,
        max(override_no) as override_no,
        max_by(override.because, override_no) as because,
        max_by(len(override.levels), override_no) = 0 as is_off
    from overrides
    join nodes
        on (coalesce(len(override.clusters), 0) = 0 or list_contains(override.clusters, of_cluster))
        and (coalesce(len(override.roles), 0) = 0 or list_has_any(override.roles, nodes.roles))
    group by overrides.rule, nodes.node
)

select * from final
