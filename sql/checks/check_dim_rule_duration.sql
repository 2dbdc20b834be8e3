-- fail
-- A rule cannot last longer than fct_bottleneck looks back.
select level.rule, level.severity, level.duration_s
from dim_rule
join rule_level() as level on level.rule = dim_rule.rule
where level.duration_s > 21600
