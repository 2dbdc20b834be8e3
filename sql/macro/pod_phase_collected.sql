-- pod_phase_collected: pods by phase as kube-state-metrics told them last before a moment, at most two hours before.
-- grain: one row per phase
-- macro: pod_phase_collected(of_cluster, moment)
with

points as (
    select series_id, ts, last as pods
    from fct_metric_5m
    where cluster = of_cluster and metric = 'pod-status' and ts >= moment - interval 2 hours and ts < moment
),

newest as (
    select max(ts) as ts from points
),

final as (
    select
        label.labels['phase'] as phase,
        cast(points.pods as bigint) as pods,
        points.ts as counted_at
    from points
    join newest on newest.ts = points.ts
    join raw_series_label as label on label.cluster = of_cluster and label.series_id = points.series_id
)

select * from final
order by pods desc, phase
