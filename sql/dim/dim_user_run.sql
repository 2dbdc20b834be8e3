-- dim_user_run: windows that people gave a name (`ocpperf run name`), as they were at the last publication.
-- grain: one row per name
-- keys: name
-- window: none
-- example: select name, cluster, start, "end", note from dim_user_run order by start
-- example: select run.name, metric.node, avg(metric.avg) as busy from dim_user_run as run join fct_metric_hourly as metric on metric.cluster = run.cluster and metric.hour >= run.start and metric.hour < run."end" where metric.metric = 'node_cpu_busy' group by all
-- example: select run.name, count(*) as findings from dim_user_run as run join rpt_findings as finding on finding.cluster = run.cluster and finding.start >= run.start and finding.start < run."end" group by all
select name, cluster, start, "end", note, named_at from user_run
