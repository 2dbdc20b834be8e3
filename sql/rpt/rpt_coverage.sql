-- rpt_coverage: how much of each metric was collected, hour by hour, and what an empty answer means.
-- has_data: something was stored of it. State metrics have it without a coverage.
-- view
-- grain: one row per cluster, metric and hour
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
