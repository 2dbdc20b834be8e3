-- fct_metric_hourly: hourly statistics of every gauge series, with the thing it measures.
-- Where the expression is itself a quantile, avg, p50, p95 and p99 over time are NULL: quantiles do not average.
-- samples counts NaN too; the statistics do not. provisional: the hour was still open, or not collected to its end.
-- grain: one row per cluster, metric, series and hour
-- keys: cluster, metric, series_id, hour
-- window: hour
-- example: select hour, node, avg, p95, max from fct_metric_hourly where metric = 'node_cpu_busy' and cluster = $cluster and hour >= $t0 order by hour, node
-- example: select entity, max(max) as worst, any_value(unit) as unit from fct_metric_hourly where metric = 'network_io_node_rx_drop_ratio' group by all order by worst desc limit 5
-- example: select node.role, metric.hour, avg(metric.avg) as busy from fct_metric_hourly as metric join dim_node as node using (cluster, node) where metric.metric = 'node_cpu_busy' group by all order by all
with

metrics as (
    select metric, domain, category, unit, quantile_of from dim_metric where kind = 'gauge'
),

samples as (
    select sample.metric, sample.series_id, date_trunc('hour', sample.ts) as hour, sample.ts, sample.value
    from raw_sample as sample
    semi join metrics on metrics.metric = sample.metric
    where sample.cluster = $cluster and sample.ts >= $window_start and sample.ts < $window_end
),

statistics as (
    select
        series_id,
        hour,
        any_value(metric) as metric,
        count(*) as samples,
        min(value) as min,
        avg(value) as avg,
        quantile_cont(value, [0.5, 0.95, 0.99]) as quantiles,
        max(value) as max,
        arg_min(value, ts) as first,
        arg_max(value, ts) as last
    from samples
    group by series_id, hour
),

series as (
    select series_id, node, namespace, pod, entity_kind, entity from raw_series
    where cluster = $cluster and last_seen >= $window_start and first_seen < $window_end
),

extractions as (
    select metric, hour, collected_until from raw_extraction
    where cluster = $cluster and hour >= $window_start and hour < $window_end
),

final as (
    select
        $cluster as cluster,
        metrics.domain,
        statistics.metric,
        metrics.category,
        metrics.unit,
        statistics.series_id,
        series.node,
        series.namespace,
        series.pod,
        series.entity_kind,
        series.entity,
        statistics.hour,
        statistics.samples,
        statistics.min,
        case when metrics.quantile_of is null then statistics.avg end as avg,
        case when metrics.quantile_of is null then statistics.quantiles[1] end as p50,
        case when metrics.quantile_of is null then statistics.quantiles[2] end as p95,
        case when metrics.quantile_of is null then statistics.quantiles[3] end as p99,
        statistics.max,
        statistics.first,
        statistics.last,
        statistics.hour + interval 1 hour > $now
            or coalesce(extractions.collected_until < statistics.hour + interval 1 hour, false) as provisional
    from statistics
    join metrics on metrics.metric = statistics.metric
    left join series on series.series_id = statistics.series_id
    left join extractions on extractions.metric = statistics.metric and extractions.hour = statistics.hour
)

select * from final
order by metric, series_id, hour
