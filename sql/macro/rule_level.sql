-- rule_level: levels of every bottleneck rule over a metric, one row each, with what is needed to judge them.
-- level_no counts a rule's levels as they are written: two of them may have one severity.
-- override_no is 0 for the rule's own levels, and counts its overrides otherwise: rule_scope tells which one holds where.
-- quantile is set for rules on a latency's buckets and NULL for rules on samples.
-- macro: rule_level()
with

overrides as (
    select rule, unnest(overrides) as override, generate_subscripts(overrides, 1) as override_no from dim_rule
),

scopes as (
    select rule, 0 as override_no, levels from dim_rule
    union all
    select rule, override_no, override.levels from overrides
),

levels as (
    select
        rule, title, metric, statistic, direction, min_observations, min_denominator, denominator, needs,
        duration_s as rule_duration_s,
        override_no,
        unnest(scopes.levels) as level,
        generate_subscripts(scopes.levels, 1) as level_no
    from scopes
    join dim_rule using (rule)
),

final as (
    select
        levels.rule,
        levels.title,
        levels.metric,
        levels.override_no,
        levels.level_no,
        levels.direction,
        coalesce(levels.needs, []) as needs,
        case when dim_metric.kind = 'histogram' then substr(levels.statistic, 2)::double / 100 end as quantile,
        levels.statistic,
        case when dim_metric.kind = 'histogram' then coalesce(levels.min_observations, 100) else 0 end
            as min_observations,
        levels.min_denominator,
        levels.denominator,
        levels.level.severity as severity,
        list_position(['info', 'warning', 'critical'], levels.level.severity) as severity_rank,
        levels.level.value as limit_value,
        levels.level.tier as tier,
        levels.level.source as source,
        coalesce(levels.level.roles, []) as roles,
        least(coalesce(levels.level.duration_s, levels.rule_duration_s, 0), rule_reach_s()) as duration_s,
        dim_metric.unit,
        dim_metric.window_s
    from levels
    join dim_metric on dim_metric.metric = levels.metric
)

select * from final
