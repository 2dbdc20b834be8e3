-- dim_node: nodes of every cluster. They are from the label facts of kube-state-metrics, so that history has them too.
-- role is the first of control-plane, infra, a named pool and worker; roles are those the node bore when last seen, or when
-- roles of any node were last collected before that: a node loses none while nobody asked.
-- The last inventory that lists nodes adds what it knows of them; a node that it does not list has NULL there.
-- grain: one row per cluster and node
-- keys: cluster, node
-- window: none
-- example: select node, role, kubelet_version, kernel_version, last_seen from dim_node where cluster = $cluster order by role, node
-- example: select role, count(*) as nodes from dim_node where cluster = $cluster group by all
-- example: select kubelet_version, list(node) as nodes from dim_node group by all
with

facts as (
    select cluster, metric, labels['node'] as node, labels, first_seen, last_seen
    from raw_series_label
    where metric in ('node_role', 'node_info') and nullif(labels['node'], '') is not null
),

seen as (
    select cluster, node, min(first_seen) as first_seen, max(last_seen) as last_seen
    from facts
    group by all
),

infos as (
    select
        cluster,
        node,
        arg_max(nullif(labels['internal_ip'], ''), last_seen) as internal_ip,
        arg_max(nullif(labels['kernel_version'], ''), last_seen) as kernel_version,
        arg_max(nullif(labels['kubelet_version'], ''), last_seen) as kubelet_version,
        arg_max(nullif(labels['os_image'], ''), last_seen) as os_image
    from facts
    where metric = 'node_info'
    group by all
),

asked as (
    select cluster, max(last_seen) as last_seen from facts where metric = 'node_role' group by cluster
),

borne as (
    select distinct
        facts.cluster,
        facts.node,
        case facts.labels['role'] when 'master' then 'control-plane' else facts.labels['role'] end as role
    from facts
    join seen on seen.cluster = facts.cluster and seen.node = facts.node
    join asked on asked.cluster = facts.cluster
    where facts.metric = 'node_role'
        and nullif(facts.labels['role'], '') is not null
        and facts.last_seen >= least(seen.last_seen, asked.last_seen) - interval 10 minutes
),

ranked as (
    select
        *,
        case role when 'control-plane' then 0 when 'infra' then 1 when 'worker' then 3 else 2 end as precedence
    from borne
),

roles as (
    select
        cluster,
        node,
        first(role order by precedence, role) as role,
        list(role order by precedence, role) as roles
    from ranked
    group by all
),

listed as (
    select cluster, max(taken_at) as taken_at
    from raw_inventory_part
    where part = 'nodes' and state = 'ok'
    group by cluster
),

inventory as (
    select node.*
    from raw_inventory_node as node
    join listed on listed.cluster = node.cluster and listed.taken_at = node.taken_at
),

final as (
    select
        seen.cluster,
        seen.node,
        roles.role,
        coalesce(roles.roles, []) as roles,
        infos.internal_ip,
        infos.kernel_version,
        infos.kubelet_version,
        infos.os_image,
        inventory.container_runtime,
        inventory.instance_type,
        inventory.zone,
        inventory.cpu_cores,
        inventory.memory_bytes,
        inventory.allocatable_cpu_cores,
        inventory.allocatable_memory_bytes,
        inventory.taken_at,
        seen.first_seen,
        seen.last_seen
    from seen
    left join infos on infos.cluster = seen.cluster and infos.node = seen.node
    left join roles on roles.cluster = seen.cluster and roles.node = seen.node
    left join inventory on inventory.cluster = seen.cluster and inventory.node = seen.node
)

select * from final
