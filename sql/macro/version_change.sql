-- version_change: versions of the cluster's parts, each with the one of the same part before it. Versions are labels: a new
-- one is a new series of the same thing. What went back to an older version is not seen, since that series is not new.
-- macro: version_change(of_cluster)
with

versions as (
    select
        series.metric,
        series.entity_kind,
        series.entity,
        series.node,
        series.first_seen,
        case series.metric
            when 'node_info' then series.labels['kubelet_version'] || ', ' || series.labels['os_image']
            when 'etcd_member_version' then series.labels['server_version']
            when 'ovnkube_version' then series.labels['revision']
            else series.labels['version']
        end as version,
        case series.metric
            when 'node_info' then 'kubelet and system'
            when 'etcd_member_version' then 'etcd'
            when 'ovnkube_version' then 'OVN-Kubernetes'
            else 'the cluster'
        end as product
    from raw_series as series
    where series.cluster = of_cluster and (
        series.metric in ('node_info', 'etcd_member_version', 'ovnkube_version')
        or (series.metric = 'cluster_version' and series.labels['type'] = 'completed')
    )
),

followed as (
    select
        *,
        case when product = 'the cluster' then 'cluster' else entity_kind end as kind_of_entity,
        case when product = 'the cluster' then of_cluster else entity end as name_of_entity,
        lag(version) over (
            partition by metric, case when product = 'the cluster' then of_cluster else entity end order by first_seen
        ) as before
    from versions
)

select * from followed
