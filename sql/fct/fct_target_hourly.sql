-- fct_target_hourly: until when each scrape target answered in the hour; NULL when it did not answer at all.
-- grain: one row per cluster, target and hour
-- keys: cluster, series_id, hour
-- window: hour
-- example: select job, count(distinct instance) as targets from fct_target_hourly where hour >= $t0 group by all order by job
-- example: select job, instance, node, hour from fct_target_hourly where up_until is null and cluster = $cluster order by hour
-- example: select hour, count(*) as targets, count(up_until) as answered from fct_target_hourly where cluster = $cluster group by all order by hour
with

targets as (
    select series_id, labels['job'] as job, labels['instance'] as instance, namespace, pod, node
    from raw_series
    where metric = 'target_up'
        and cluster = $cluster and last_seen >= $window_start and first_seen < $window_end
),

final as (
    select
        sample.cluster,
        sample.series_id,
        date_trunc('hour', sample.ts) as hour,
        targets.job,
        targets.instance,
        targets.namespace,
        targets.pod,
        targets.node,
        max(sample.ts) filter (sample.value = 1) as up_until
    from raw_sample as sample
    join targets on targets.series_id = sample.series_id
    where sample.metric = 'target_up'
        and sample.cluster = $cluster and sample.ts >= $window_start and sample.ts < $window_end
    group by all
)

select * from final
