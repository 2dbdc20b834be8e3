-- dim_rule: the bottleneck rules with their levels, limits and sources.
-- grain: one row per rule
-- keys: rule
-- window: none
-- prose: causes, actions
select * from catalogue_rule
