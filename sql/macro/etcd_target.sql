-- etcd_target: whether Prometheus could scrape each member, as of the last sample in the fifteen minutes before a moment.
-- etcd's targets are those of every job that scrapes a pod whose metrics tell of a leader: so a member counts that never
-- answered.
-- macro: etcd_target(of_cluster, moment)
with

pods as (
    select distinct pod from dim_series where cluster = of_cluster and metric = 'etcd_has_leader' and pod is not null
),

targets as (
    select series_id, labels['job'] as job, pod, coalesce(node, pod) as member
    from raw_series
    where cluster = of_cluster and metric = 'target_up' and pod is not null
        and last_seen >= moment - interval 15 minutes and first_seen < moment
),

jobs as (
    select distinct targets.job from targets semi join pods on pods.pod = targets.pod
),

samples as (
    select series_id, arg_max(value, ts) as value, max(ts) as ts
    from raw_sample
    where cluster = of_cluster and metric = 'target_up' and ts >= moment - interval 15 minutes and ts < moment
    group by series_id
),

final as (
    select
        targets.member,
        min(samples.value) = 1 as is_up,
        max(samples.ts) as told_at
    from targets
    semi join jobs on jobs.job = targets.job
    join samples on samples.series_id = targets.series_id
    group by targets.member
)

select * from final
