-- dim_pod: pods of every cluster and the node each ran on when last seen. The namespace is empty where no label tells it.
-- Pods without a fact of their own are taken from the labels of other series; a static pod's name ends in its node.
-- grain: one row per cluster, namespace and pod
-- keys: cluster, namespace, pod
-- window: none
-- example: select namespace, pod, node, owner_kind from dim_pod where namespace = 'openshift-etcd' and cluster = $cluster
-- example: select node, count(*) as pods from dim_pod where last_seen >= $middle group by all order by pods desc
-- example: select owner_kind, count(*) as pods from dim_pod where cluster = $cluster group by all order by pods desc
with

labelled as (
    select
        cluster,
        metric = 'pod_info' as is_fact,
        coalesce(labels['namespace'], '') as namespace,
        labels['pod'] as pod,
        nullif(labels['node'], '') as node,
        nullif(labels['created_by_kind'], '') as owner_kind,
        nullif(labels['created_by_name'], '') as owner,
        labels['host_network'] = 'true' as host_network,
        first_seen,
        last_seen
    from raw_series_label
    where nullif(labels['pod'], '') is not null
),

pods as (
    select
        cluster,
        namespace,
        pod,
        coalesce(arg_max(node, last_seen) filter (is_fact), arg_max(node, last_seen)) as node,
        arg_max(owner_kind, last_seen) as owner_kind,
        arg_max(owner, last_seen) as owner,
        arg_max(host_network, last_seen) as host_network,
        min(first_seen) as first_seen,
        max(last_seen) as last_seen
    from labelled
    group by all
),

distinguished as (
    select *, count(*) filter (namespace <> '') over (partition by cluster, pod) as namespaces
    from pods
    qualify namespace <> '' or namespaces = 0
),

parts as (
    select cluster, namespace, pod, string_split(pod, '-') as words
    from distinguished
    where node is null
),

endings as (
    select cluster, namespace, pod, array_to_string(words[first_word:], '-') as ending
    from (select *, unnest(range(2, len(words) + 1)) as first_word from parts)
),

by_name as (
    select endings.cluster, endings.namespace, endings.pod, max_by(node.node, len(node.node)) as node
    from endings
    join dim_node as node on node.cluster = endings.cluster and node.node = endings.ending
    group by all
),

final as (
    select
        pods.cluster,
        pods.namespace,
        pods.pod,
        coalesce(pods.node, by_name.node) as node,
        pods.owner_kind,
        pods.owner,
        pods.host_network,
        coalesce(pods.owner_kind = 'Node' or ends_with(pods.pod, '-' || coalesce(pods.node, by_name.node)), false)
            as is_static,
        pods.namespaces <= 1 as name_is_unique,
        pods.first_seen,
        pods.last_seen
    from distinguished as pods
    left join by_name
        on by_name.cluster = pods.cluster and by_name.namespace = pods.namespace and by_name.pod = pods.pod
)

select * from final
