-- dim_metric_tool: which MCP tools show a metric.
-- grain: one row per metric and tool
-- keys: metric, tool
-- window: none
-- example: select metric from dim_metric_tool where tool = 'get_etcd_disk_wal_fsync'
-- example: select tool, count(*) as metrics from dim_metric_tool group by all order by metrics desc
-- example: select metric.metric, metric.title, list(shown.tool) as tools from dim_metric as metric join dim_metric_tool as shown using (metric) where metric.domain = 'etcd' group by all
select distinct name as metric, unnest(tools) as tool from catalogue_metric
