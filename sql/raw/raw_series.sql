-- raw_series: every series with the thing it measures.
-- A pod of a static pod or a daemonset is filed under its node, since its name changes; others under namespace/pod.
-- node is NULL where no node could be told; it is never guessed.
-- view
-- grain: one row per cluster and series
-- example: select entity_kind, entity, labels from raw_series where metric = 'node_cpu_usage' and cluster = $cluster
-- example: select metric, labels['device'] as device, node from raw_series where domain = 'net' and entity_kind = 'device' limit 20
-- example: select domain, entity_kind, count(*) as series from raw_series group by all order by all
with

nodes as (
    select cluster, node from dim_node
),

addresses as (
    select cluster, internal_ip, arg_max(node, last_seen) as node
    from dim_node
    where internal_ip is not null
    group by all
),

named as (
    select
        *,
        nullif(labels['pod'], '') as pod_label,
        nullif(labels['namespace'], '') as namespace_label,
        nullif(labels['node'], '') as node_label,
        instance_host(labels['instance']) as host,
        coalesce(nullif(labels['device'], ''), nullif(labels['mountpoint'], ''), nullif(labels['master'], '')) as device,
        -- What is neither of a place nor of a pod is told apart by its own labels: a verb, a priority level, an alert;
        -- and by the job that scrapes it.
        nullif(
            concat_ws(
                '/', labels['verb'], labels['resource'], labels['scope'],
                nullif(
                    array_to_string(
                        [
                            pair.value for pair in map_entries(labels)
                            if pair.value <> '' and pair.key not in (
                                'verb', 'resource', 'scope', 'instance', 'node', 'device', 'mountpoint', 'pod', 'job'
                            )
                        ],
                        '/'
                    ),
                    ''
                ),
                nullif(labels['job'], '')
            ),
            ''
        ) as resource
    from raw_series_label
),

resolved as (
    select
        named.*,
        pods.is_static,
        pods.owner_kind,
        coalesce(named.namespace_label, nullif(pods.namespace, '')) as namespace,
        named.pod_label as pod,
        coalesce(pods.node, named.node_label, nodes.node, addresses.node) as node
    from named
    left join dim_pod as pods
        on pods.cluster = named.cluster
        and pods.pod = named.pod_label
        and (pods.namespace = named.namespace_label or (named.namespace_label is null and pods.name_is_unique))
    left join nodes on nodes.cluster = named.cluster and nodes.node = named.host
    left join addresses on addresses.cluster = named.cluster and addresses.internal_ip = named.host
),

filed as (
    select
        *,
        coalesce(node, host) as place,
        case
            when pod is not null and is_static and node is not null then 'member'
            when pod is not null and owner_kind = 'DaemonSet' and node is not null then 'node'
            when pod is not null then 'pod'
            when coalesce(node, host) is not null and device is not null then 'device'
            when coalesce(node, host) is not null then 'node'
            when resource is not null then 'resource'
            else 'cluster'
        end as entity_kind
    from resolved
),

final as (
    select
        series_id,
        cluster,
        domain,
        metric,
        labels,
        node,
        namespace,
        pod,
        entity_kind,
        case entity_kind
            when 'pod' then concat_ws('/', namespace, pod)
            when 'device' then place || '/' || device
            when 'resource' then resource
            when 'cluster' then cluster
            else place
        end as entity,
        first_seen,
        last_seen
    from filed
)

select * from final
