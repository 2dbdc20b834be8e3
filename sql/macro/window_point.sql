-- window_point: values of every series of the named metrics in any window and in the one of the same length before it, from
-- what window_source chooses: single samples, or five minutes or hours with their least, mean, most and newest value.
-- weight is the number of samples that a value stands for. Of a metric that is a quantile hours keep no mean: last stands in.
-- domains: those of the metrics, so that the others need not be looked through; NULL is all of them.
-- grain: one row per series and moment
-- macro: window_point(of_cluster, names, domains, t0, t1)
with

source as (
    select * from window_source(names, t0, t1)
),

points as (
    select series_id, ts, 1 as weight, value as least, value as mean, value as most, value as newest, source.*
    from raw_sample
    cross join (from source where source = 'samples') as source
    where cluster = of_cluster and list_contains(names, metric) and (domains is null or list_contains(domains, domain))
        and ts >= t0 - (t1 - t0) and ts < t1
    union all
    select series_id, ts, samples, min, avg, max, last, source.*
    from fct_metric_5m
    cross join (from source where source = '5 minutes') as source
    where cluster = of_cluster and list_contains(names, metric)
        and ts >= t0 - (t1 - t0) - interval 10 minutes and ts < t1
    union all
    select series_id, hour, samples, min, coalesce(avg, last), max, last, source.*
    from fct_metric_hourly
    cross join (from source where source = 'hours') as source
    where cluster = of_cluster and list_contains(names, metric)
        and hour >= t0 - (t1 - t0) - interval 2 hours and hour < t1
)

select * from points
where mean is not null and ts >= coalesce(before_start, window_start)
