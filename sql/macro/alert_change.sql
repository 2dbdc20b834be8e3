-- alert_change: alerts that began to fire in a window, or fired no more. An alert has samples only while it fires; it is over
-- when it has been missing for three steps of a collection that went on; an hour that failed ends nothing. What fires when
-- a history begins is no news.
-- Samples from t_lookback on tell what was before; seen_at, when it could be known, lies in the window from t0 to t1.
-- macro: alert_change(of_cluster, t_lookback, t0, t1)
with

extractions as (
    select hour, coalesce(step_s, 60) as step_s, least(collected_until, hour + interval 1 hour) as collected_until
    from raw_extraction
    where cluster = of_cluster and metric = alert_metric() and hour >= t_lookback and hour < t1
        and status in ('ok', 'empty', 'partial')
),

stepped as (
    select
        series.labels,
        sample.ts,
        extractions.step_s,
        lag(sample.ts) over alert as before_ts,
        lead(sample.ts) over alert as after_ts
    from raw_sample as sample
    join raw_series_label as series on series.series_id = sample.series_id and series.metric = sample.metric
    join extractions on extractions.hour = date_trunc('hour', sample.ts)
    where sample.cluster = of_cluster and series.cluster = of_cluster and sample.metric = alert_metric()
        and sample.ts >= t_lookback and sample.ts < t1 and sample.value is not null
    window alert as (partition by sample.series_id order by sample.ts)
),

fired as (
    select 'alert-firing' as kind, stepped.labels, stepped.ts as seen_at, stepped.ts as start
    from stepped
    join extractions on extractions.hour = date_trunc('hour', stepped.ts - to_seconds(stepped.step_s))
    where stepped.ts >= t0 and (before_ts is null or stepped.ts - before_ts > to_seconds(3 * stepped.step_s))
),

resolved as (
    select
        'alert-resolved' as kind,
        labels,
        ts + to_seconds(3 * stepped.step_s) as seen_at,
        ts + to_seconds(stepped.step_s) as start
    from stepped
    join extractions as watched
        on watched.hour = date_trunc('hour', ts + to_seconds(3 * stepped.step_s))
        and watched.collected_until > ts + to_seconds(3 * stepped.step_s)
    where (after_ts is null or after_ts - ts > to_seconds(3 * stepped.step_s))
        and ts + to_seconds(3 * stepped.step_s) >= t0
        and ts + to_seconds(3 * stepped.step_s) < t1
)

select * from fired
union all
select * from resolved
