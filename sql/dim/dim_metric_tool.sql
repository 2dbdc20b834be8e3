-- dim_metric_tool: which MCP tools show a metric.
-- grain: one row per metric and tool
-- keys: metric, tool
-- window: none
select distinct name as metric, unnest(tools) as tool from catalogue_metric
