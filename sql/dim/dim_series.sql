-- dim_series: what every series measures: the thing, and what else its labels tell of it (part).
-- A pod of a static pod or a daemonset is filed under its node, since its name changes; others under namespace/pod.
-- node is NULL where no node could be told; it is never guessed. raw_series has the labels and the time seen beside it.
-- entity_id is the least series_id of the same metric and entity, thing_id that of the same part as well: grouping by a
-- number takes a third of the time that grouping by their names does.
-- grain: one row per cluster and series
-- keys: cluster, series_id
-- window: none
-- example: select entity_kind, entity, part from dim_series where metric = 'node_cpu_usage' and cluster = $cluster
-- example: select node, count(*) as series from dim_series where cluster = $cluster group by all order by series desc
-- example: select domain, entity_kind, count(*) as series from dim_series group by all order by all
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

things as (
    select
        cluster,
        series_id,
        domain,
        metric,
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
        series_part(labels) as part
    from filed
),

final as (
    select
        *,
        min(series_id) over (partition by cluster, metric, entity_kind, entity) as entity_id,
        min(series_id) over (partition by cluster, metric, entity_kind, entity, part) as thing_id
    from things
)

select * from final
order by cluster, metric, series_id
