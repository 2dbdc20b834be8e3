-- fct_metric_5m: five-minute statistics of every series; NaN counts as a sample and as no observation.
-- grain: one row per cluster, series and five minutes
-- keys: cluster, series_id, ts
-- window: hour
-- time: ts
-- keep: 5m
-- example: select ts, avg, max from fct_metric_5m where metric = 'node_cpu_busy' and cluster = $cluster and ts >= $middle order by ts
-- example: select series.node, time_bucket(interval 15 minutes, point.ts) as quarter, avg(point.avg) as busy from fct_metric_5m as point join raw_series as series using (cluster, series_id) where point.metric = 'node_cpu_busy' group by all order by all
-- example: select metric, series_id, max(max) as peak from fct_metric_5m where metric = 'node_memory_used' and ts >= $t0 group by all order by peak desc
with

gauges as (
    select metric from dim_metric where kind = 'gauge'
),

final as (
    select
        sample.cluster,
        sample.metric,
        sample.series_id,
        time_bucket(interval 5 minutes, sample.ts) as ts,
        count(*) as samples,
        min(sample.value) as min,
        avg(sample.value) as avg,
        max(sample.value) as max,
        arg_max(sample.value, sample.ts) as last
    from raw_sample as sample
    semi join gauges on gauges.metric = sample.metric
    where sample.cluster = $cluster and sample.ts >= $window_start and sample.ts < $window_end
    group by all
)

select * from final
order by metric, series_id, ts
