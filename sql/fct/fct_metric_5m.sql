-- fct_metric_5m: five-minute statistics of every series; NaN counts as a sample and as no observation.
-- grain: one row per cluster, series and five minutes
-- keys: cluster, series_id, ts
-- window: hour
-- time: ts
-- keep: 5m
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
