-- fct_series_hourly: samples found and expected of every gauge and histogram series.
-- Expected run from the first sample of the hour to the last, or to the last moment the series' target was up.
-- Where absence means something, such as an alert that no longer fires, nothing is expected after the last sample.
-- The target is that of the metric's job with the series' pod, instance or node; of the job alone for an aggregate.
-- grain: one row per cluster, series and hour
-- keys: cluster, series_id, hour
-- window: hour
-- example: select metric, sum(expected) - sum(samples) as missing from fct_series_hourly where hour >= $middle group by all order by missing desc limit 10
-- example: select series.entity, lost.hour, lost.samples, lost.expected from fct_series_hourly as lost join raw_series as series using (cluster, series_id) where lost.samples < lost.expected and lost.hour >= $middle limit 20
-- example: select hour, count(*) as series from fct_series_hourly where cluster = $cluster group by all order by hour
with

metrics as (
    select metric, kind, job, absent_means from metric_of($cluster) where kind <> 'state'
),

targets as (
    select * from fct_target_hourly
    where cluster = $cluster and hour >= $window_start and hour < $window_end
),

by_pod as (
    select hour, job, pod, max(up_until) as up_until from targets where pod is not null
    group by grouping sets ((hour, job, pod), (hour, pod))
),

by_instance as (
    select hour, job, instance, max(up_until) as up_until from targets where instance is not null
    group by grouping sets ((hour, job, instance), (hour, instance))
),

by_node as (
    select hour, job, node, max(up_until) as up_until from targets where node is not null
    group by hour, job, node
),

by_job as (
    select hour, job, max(up_until) as up_until from targets
    group by hour, job
),

points as (
    select metric, series_id, ts, value is null as is_nan
    from raw_sample
    where cluster = $cluster and ts >= $window_start and ts < $window_end
    union all
    select metric, series_id, ts, increase is null as is_nan
    from raw_histogram
    where cluster = $cluster and ts >= $window_start and ts < $window_end and isinf(le)
),

found as (
    select
        metric,
        series_id,
        date_trunc('hour', ts) as hour,
        count(*) as samples,
        count(*) filter (is_nan) as nan,
        min(ts) as first_ts,
        max(ts) as last_ts
    from points
    group by all
),

extractions as (
    select metric, hour, step_s, collected_until from raw_extraction
    where cluster = $cluster and hour >= $window_start and hour < $window_end
),

series as (
    select series_id, labels['instance'] as instance, pod, node from raw_series
    where cluster = $cluster and last_seen >= $window_start and first_seen < $window_end
),

reached as (
    select
        found.*,
        metrics.kind,
        metrics.absent_means,
        case when metrics.kind = 'histogram' then 300 else coalesce(extractions.step_s, 60) end as step_s,
        extractions.collected_until,
        case
            when series.pod is not null then by_pod.up_until
            when series.instance is not null then by_instance.up_until
            when series.node is not null then by_node.up_until
            else by_job.up_until
        end as up_until
    from found
    join metrics on metrics.metric = found.metric
    left join series on series.series_id = found.series_id
    left join extractions on extractions.metric = found.metric and extractions.hour = found.hour
    left join by_pod
        on by_pod.hour = found.hour and by_pod.pod = series.pod and by_pod.job is not distinct from metrics.job
    left join by_instance
        on by_instance.hour = found.hour and by_instance.instance = series.instance
        and by_instance.job is not distinct from metrics.job
    left join by_node
        on by_node.hour = found.hour and by_node.node = series.node and by_node.job = metrics.job
    left join by_job on by_job.hour = found.hour and by_job.job = metrics.job
),

bounded as (
    select
        *,
        case
            when absent_means = 'missing' then greatest(last_ts, least(up_until, collected_until - to_seconds(step_s)))
            else last_ts
        end as until
    from reached
),

final as (
    select
        $cluster as cluster,
        metric,
        series_id,
        hour,
        samples,
        nan,
        greatest(samples, date_diff('second', first_ts, coalesce(until, last_ts)) // step_s + 1) as expected,
        first_ts,
        last_ts
    from bounded
)

select * from final
