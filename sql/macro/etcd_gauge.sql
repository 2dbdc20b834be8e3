-- etcd_gauge: what each member's metrics told last in the fifteen minutes before a moment; older words are no status.
-- member is its node, else its pod. told_at is the end of the five minutes that hold the sample.
-- macro: etcd_gauge(of_cluster, moment)
with

fields(metric, field) as (
    values
        ('etcd_has_leader', 'has_leader'),
        ('etcd_is_leader', 'is_leader'),
        ('etcd_is_learner', 'is_learner'),
        ('etcd_network_active_peers', 'active_peers'),
        ('etcd_db_physical_size', 'db_size_bytes'),
        ('etcd_db_logical_size', 'db_size_in_use_bytes'),
        ('etcd_db_space_used_percent', 'db_quota_share')
),

points as (
    select metric, series_id, arg_max(last, ts) as value, max(ts) as ts
    from fct_metric_5m
    where cluster = of_cluster and ts >= moment - interval 15 minutes and ts < moment
        and last is not null and metric in (select metric from fields)
    group by metric, series_id
),

final as (
    select
        coalesce(series.node, series.pod, series.entity) as member,
        fields.field,
        fields.metric,
        arg_max(points.value, points.ts) as value,
        least(max(points.ts) + interval 5 minutes, moment) as told_at
    from points
    join fields on fields.metric = points.metric
    join dim_series as series on series.cluster = of_cluster and series.series_id = points.series_id
    group by all
)

select * from final
