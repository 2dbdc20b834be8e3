-- rpt_coverage: how much of each metric was collected, hour by hour, and what an empty answer means.
-- has_data: something was stored of it. State metrics have it without a coverage.
-- view
-- grain: one row per cluster, metric and hour
-- example: select metric, min(coverage) as worst, any_value(status) from rpt_coverage where cluster = $cluster and hour >= $t0 group by all order by worst nulls last limit 20
-- example: select metric, absent_means, count(*) as hours from rpt_coverage where not has_data and hour >= $t0 group by all order by hours desc
-- example: select hour, avg(coverage) as coverage from rpt_coverage where domain = 'etcd' and hour >= $t0 group by all order by all
select
    coverage.cluster,
    coverage.domain,
    coverage.metric,
    dim_metric.title,
    coverage.hour,
    coverage.status,
    coverage.series,
    coverage.samples,
    coverage.nan,
    coverage.expected,
    coverage.coverage,
    coverage.unresolved_series,
    coverage.absent_means,
    coverage.provisional,
    coverage.status in ('ok', 'partial') and coverage.samples > 0 as has_data,
    extraction.error,
    extraction.notes
from fct_coverage_hourly as coverage
left join raw_extraction as extraction
    on extraction.cluster = coverage.cluster
    and extraction.metric = coverage.metric
    and extraction.hour = coverage.hour
left join dim_metric on dim_metric.metric = coverage.metric
