-- rpt_collected: how much of each metric of the catalogue was collected in a window, and what it means where it has no value.
-- coverage is the mean of the hours that the window touches, NULL where nothing is expected; hours_lacking counts those with
-- nothing, or less than 80 %. absence says why there may be no value. rpt_coverage has the hours one by one.
-- grain: one row per metric
-- macro: rpt_collected(of_cluster, t0, t1)
-- example: select domain, count(*) as metrics, avg(coverage) as coverage from rpt_collected($cluster, $t0, $t1) group by all order by all
-- example: select metric, status, absence, error from rpt_collected($cluster, $t0, $t1) where status is distinct from 'ok' order by metric
-- example: select metric, coverage, hours_lacking from rpt_collected($cluster, $middle, $t1) where domain = 'etcd' order by coverage
with

coverage as (
    select
        metric,
        mode(status) as status,
        bool_and(status in ('ok', 'partial')) as is_answered,
        avg(coverage) as coverage,
        count(*) as hours,
        count(*) filter (coverage < 0.8) as hours_lacking,
        bool_or(provisional) as provisional
    from fct_coverage_hourly
    where cluster = of_cluster and hour >= time_bucket(interval 1 hour, t0) and hour < t1
    group by metric
),

errors as (
    select metric, arg_max(error, hour) as error
    from raw_extraction
    where cluster = of_cluster and hour >= time_bucket(interval 1 hour, t0) and hour < t1 and error is not null
    group by metric
),

final as (
    select
        of_cluster as cluster,
        asked.domain,
        asked.metric,
        asked.title,
        coverage.status,
        coverage.coverage,
        coalesce(coverage.hours, 0) as hours,
        coalesce(coverage.hours_lacking, 0) as hours_lacking,
        coverage.provisional,
        case
            when coverage.metric is null then 'not collected in this window'
            when coverage.status = 'empty' and asked.absent_means = 'zero' then 'it has not happened'
            when coverage.status = 'empty' and asked.absent_means = 'not_applicable'
                then 'the cluster does not have it'
            when coverage.status = 'empty' then 'Prometheus has no such series'
            when coverage.is_answered then 'no observations'
            else 'the collection ended with: ' || coverage.status
        end as absence,
        errors.error
    from metric_of(of_cluster) as asked
    left join coverage on coverage.metric = asked.metric
    left join errors on errors.metric = asked.metric
)

select * from final
order by domain, metric
