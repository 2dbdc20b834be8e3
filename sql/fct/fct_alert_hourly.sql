-- fct_alert_hourly: how long each alert fired in an hour, and how often it began to.
-- firing_s counts samples: a step each. A beginning is a sample after at least three steps without one, of which the moment
-- before was collected: what fires when a history begins, or after an hour that failed, did not begin then.
-- carried_over: when it fired first in the hour it had begun before, as far as is known.
-- Watchdog and its kind, which fire for ever by design, are no part of what is collected here.
-- grain: one row per cluster, alert, severity, namespace and hour
-- keys: cluster, alert, severity, namespace, hour
-- window: hour
-- lookback: 1h
-- example: select alert, severity, sum(firing_s) / 3600 as hours from fct_alert_hourly where hour >= $t0 group by all order by hours desc
-- example: select hour, sum(beginnings) as began from fct_alert_hourly where cluster = $cluster group by all order by hour
-- example: select alert, namespace, min(first_seen) as since, max(last_seen) as until from fct_alert_hourly group by all
with

extractions as (
    select hour, coalesce(step_s, 60) as step_s, least(collected_until, hour + interval 1 hour) as collected_until
    from raw_extraction
    where cluster = $cluster and metric = alert_metric() and hour >= $lookback_start and hour < $window_end
        and status <> 'error'
),

samples as (
    select
        coalesce(series.labels['alertname'], '') as alert,
        coalesce(series.labels['severity'], '') as severity,
        coalesce(series.labels['namespace'], '') as namespace,
        sample.ts,
        sample.value,
        extractions.step_s,
        extractions.collected_until
    from raw_sample as sample
    join raw_series as series on series.series_id = sample.series_id and series.metric = sample.metric
    join extractions on extractions.hour = date_trunc('hour', sample.ts)
    where sample.cluster = $cluster and sample.metric = alert_metric()
        and sample.ts >= $lookback_start and sample.ts < $window_end and sample.value > 0
),

stepped as (
    select *, lag(ts) over (partition by alert, severity, namespace order by ts) as before_ts
    from samples
),

begun as (
    select
        stepped.*,
        watched.hour is not null and coalesce(ts - before_ts > to_seconds(3 * stepped.step_s), true) as begins
    from stepped
    left join extractions as watched on watched.hour = date_trunc('hour', ts - to_seconds(stepped.step_s))
),

final as (
    select
        $cluster as cluster,
        alert,
        severity,
        namespace,
        date_trunc('hour', ts) as hour,
        sum(step_s)::bigint as firing_s,
        max(value)::bigint as most_at_once,
        count(*) filter (begins) as beginnings,
        not arg_min(begins, ts) as carried_over,
        min(ts) as first_seen,
        max(ts) as last_seen,
        any_value(collected_until) < date_trunc('hour', min(ts)) + interval 1 hour as provisional
    from begun
    where ts >= $window_start
    group by all
)

select * from final
