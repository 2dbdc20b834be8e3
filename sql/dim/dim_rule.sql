-- dim_rule: the bottleneck rules with their levels, limits and sources.
-- grain: one row per rule
-- keys: rule
-- window: none
-- prose: causes, actions
-- example: select rule, title, metric, unnest(levels, recursive := true) from dim_rule where analyzer = 'etcd'
-- example: select rule, title from dim_rule where list_contains(list_transform(levels, lambda level: level.tier), 'T1')
-- example: select rule.rule, rule.title, metric.expr from dim_rule as rule join dim_metric as metric using (metric) order by rule.rule
select
    rule,
    title,
    analyzer,
    metric,
    domain,
    unit,
    statistic,
    direction,
    levels,
    overrides,
    duration_s,
    min_observations,
    min_denominator,
    denominator,
    needs,
    causes,
    actions
from catalogue_rule
