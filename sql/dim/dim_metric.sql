-- dim_metric: the catalogue: what each metric measures, in which unit, from which expression.
-- grain: one row per metric
-- keys: metric
-- window: none
-- prose: title, description, tools, name
-- example: select metric, title, unit, description from dim_metric where metric ilike '%fsync%' or title ilike '%fsync%'
-- example: select domain, kind, count(*) as metrics from dim_metric group by all order by all
-- example: select metric, objective_value, unit, objective_tier, objective_source from dim_metric where objective_value is not null
select
    name as metric,
    name,
    domain,
    title,
    category,
    expr,
    query,
    expr_hash,
    kind,
    unit,
    labels,
    better,
    quantile_of,
    sum_metric,
    count_metric,
    objective_value,
    objective_tier,
    objective_source,
    capacity_value,
    accumulates,
    absent_means,
    tools,
    description,
    max_series,
    step_s,
    window_s,
    since,
    until,
    watch,
    scope,
    job
from catalogue_metric
