-- dim_rule: the bottleneck rules with their levels, limits and sources.
-- grain: one row per rule
-- keys: rule
-- window: none
-- prose: causes, actions
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
