-- fail
-- Only a rule may ask for longer than fct_bottleneck looks back, no level of it for itself.
select rule, level.severity, level.duration_s
from (select rule, unnest(levels) as level from dim_rule)
where level.duration_s > rule_reach_s()
