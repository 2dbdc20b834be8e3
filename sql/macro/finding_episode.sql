-- finding_episode: hours in which a rule fired on an entity, neighbouring ones joined to one episode, with the rule's words.
-- worst: the limit of the worst level, the better founded of two; worst_first_seen and worst_last_seen, how long it held.
-- Episodes of a rule that asks for longer than rule_reach_s are left out until they have lasted so long.
-- grain: one row per cluster, rule, entity and episode
-- macro: finding_episode()
with

marked as (
    select
        *,
        list_position(['info', 'warning', 'critical'], severity) as severity_rank,
        lag(hour) over (partition by cluster, rule, entity_kind, entity order by hour) is distinct from
            hour - interval 1 hour as begins
    from fct_bottleneck
),

numbered as (
    select
        *,
        count(*) filter (begins) over (partition by cluster, rule, entity_kind, entity order by hour) as episode
    from marked
),

ranked as (
    select
        numbered.*,
        rank() over (
            partition by numbered.cluster, numbered.rule, entity_kind, entity, episode order by severity_rank desc, tier
        ) = 1 as is_worst,
        dim_rule.analyzer,
        dim_rule.title,
        dim_rule.direction,
        dim_rule.statistic,
        dim_rule.duration_s as rule_duration_s,
        dim_rule.causes,
        dim_rule.actions,
        case when dim_rule.direction = 'below' then -observed else observed end as excess
    from numbered
    left join dim_rule on dim_rule.rule = numbered.rule
),

episodes as (
    select
        cluster,
        rule,
        entity_kind,
        entity,
        min(hour) as first_hour,
        max(hour) as last_hour,
        list(hour order by hour)[2:] as later_hours,
        min(first_seen) as first_seen,
        max(last_seen) as last_seen,
        min(coalesce(level_first_seen, first_seen)) filter (is_worst) as worst_first_seen,
        max(last_seen) filter (is_worst) as worst_last_seen,
        bool_or(provisional) as provisional,
        max_by(severity, severity_rank) as severity,
        max_by(certainty, severity_rank) as certainty,
        max_by(observed, excess) as observed,
        first(
            struct_pack(limit_value, unit, tier, source, expr_hash, step_s)
            order by severity_rank desc, tier, excess desc, hour
        ) as worst,
        max(duration_s) as duration_s,
        sum(samples_found)::bigint as samples_found,
        sum(samples_expected)::bigint as samples_expected,
        any_value(metric) as metric,
        any_value(node) as node,
        any_value(analyzer) as analyzer,
        any_value(title) as title,
        any_value(direction) as direction,
        any_value(statistic) as statistic,
        any_value(causes) as causes,
        any_value(actions) as actions
    from ranked
    group by cluster, rule, entity_kind, entity, episode
    having coalesce(any_value(rule_duration_s), 0) <= rule_reach_s()
        or max(last_seen) - min(first_seen) >= to_seconds(any_value(rule_duration_s))
)

select * from episodes
