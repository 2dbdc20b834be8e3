-- fail
-- A rule cannot last longer than fct_bottleneck looks back.
select rule, severity, duration_s from rule_level() where duration_s > 21600
