-- fct_coverage_hourly: how much of what was expected of each metric was collected.
-- An empty answer covers nothing, unless the catalogue says that absence means zero; not applicable is NULL.
-- State metrics store the ends of runs, so samples say nothing about coverage: it is NULL.
-- grain: one row per cluster, metric and hour
-- keys: cluster, metric, hour
-- window: hour
-- example: select domain, avg(coverage) as coverage from fct_coverage_hourly where hour >= $t0 group by all order by coverage
-- example: select metric, hour, samples, expected from fct_coverage_hourly where coverage < 0.8 and cluster = $cluster order by hour
-- example: select status, count(*) as hours from fct_coverage_hourly where hour >= $t0 group by all order by hours desc
with

extractions as (
    select * from raw_extraction
    where cluster = $cluster and hour >= $window_start and hour < $window_end
),

metrics as (
    select metric, domain, kind, absent_means from metric_of($cluster)
),

series as (
    select series_id, entity_kind in ('node', 'member', 'device', 'pod') and node is null as is_unresolved
    from raw_series
    where cluster = $cluster and last_seen >= $window_start and first_seen < $window_end
),

counted as (
    select
        found.metric,
        found.hour,
        count(*) as series,
        sum(found.samples) as samples,
        sum(found.nan) as nan,
        sum(found.expected) as expected,
        count(*) filter (series.is_unresolved) as unresolved_series
    from fct_series_hourly as found
    left join series on series.series_id = found.series_id
    where found.cluster = $cluster and found.hour >= $window_start and found.hour < $window_end
    group by all
),

final as (
    select
        $cluster as cluster,
        coalesce(metrics.domain, extractions.domain) as domain,
        extractions.metric,
        extractions.hour,
        extractions.status,
        metrics.absent_means,
        coalesce(counted.series, extractions.series, 0)::bigint as series,
        coalesce(counted.samples, extractions.samples, 0)::bigint as samples,
        coalesce(counted.nan, extractions.nan, 0)::bigint as nan,
        counted.expected::bigint as expected,
        case
            when metrics.kind = 'state' and extractions.status <> 'empty' then null
            when counted.expected > 0 then counted.samples / counted.expected
            when extractions.status = 'empty' and metrics.absent_means = 'zero' then 1.0
            when extractions.status = 'empty' and metrics.absent_means = 'not_applicable' then null
            else 0.0
        end as coverage,
        coalesce(counted.unresolved_series, 0) as unresolved_series,
        extractions.hour + interval 1 hour > $now
            or coalesce(extractions.collected_until < extractions.hour + interval 1 hour, false) as provisional
    from extractions
    left join metrics on metrics.metric = extractions.metric
    left join counted on counted.metric = extractions.metric and counted.hour = extractions.hour
)

select * from final
order by metric, hour
