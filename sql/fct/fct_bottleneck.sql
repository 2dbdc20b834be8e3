-- fct_bottleneck: rules that fired, hour by hour, at the worst level each entity reached. Of two levels of one
-- severity the better founded (lower tier) is named.
-- A level fires at a breaching point when its duration up to there is at least 80 % covered and, for a latency, holds
-- enough observations and breaches in at least half of its points; for samples, every one in it breaches.
-- Durations run on across hour edges, as far as the lookback.
-- first_seen is the first breach of any level that fired in the hour, level_first_seen that of the level named.
-- grain: one row per cluster, rule, entity and hour
-- keys: cluster, rule, entity_kind, entity, hour
-- window: hour
-- lookback: 6h
-- example: select hour, rule, entity, severity, observed, limit_value, unit from fct_bottleneck where cluster = $cluster and hour >= $t0 order by hour
-- example: select entity, count(distinct rule) as rules, list(distinct rule) as which from fct_bottleneck where node is not null group by all order by rules desc
-- example: select rule, entity, max(duration_s) as longest_s from fct_bottleneck where not provisional and certainty = 'certain' group by all
with

points as (
    select *, greatest(1, round(duration_s / step_s)) as needed, greatest(duration_s, step_s) as reach_s
    from rule_point($cluster, $lookback_start, $window_end)
),

suspects as (
    select distinct rule, level_no, entity_kind, entity from points where breach
),

counted as (
    select
        points.*,
        lag(breach) over (partition by rule, level_no, entity_kind, entity, series_id order by ts) as breached_before,
        count(*) filter (counts_as_found) over duration as found,
        count(*) filter (breach) over duration as breaches,
        sum(observations) over duration as observations_in_duration
    from points
    semi join suspects using (rule, level_no, entity_kind, entity)
    window duration as (
        partition by rule, level_no, entity_kind, entity, series_id
        order by ts range between to_seconds(reach_s - 1) preceding and current row
    )
),

fired as (
    select
        *,
        breach and found >= 0.8 * needed and case
            when quantile is null then breaches = found
            else breaches >= needed / 2 and observations_in_duration >= min_observations
        end as fires,
        breach and case
            when quantile is null then breached_before is distinct from true
            else breaches = 1
        end as begins
    from counted
),

numbered as (
    select *, count(*) filter (begins) over so_far as episode
    from fired
    window so_far as (partition by rule, level_no, entity_kind, entity, series_id order by ts)
),

timed as (
    select
        *,
        min(seen_at) filter (breach) over whole - to_seconds(window_s) as began_at,
        case when direction = 'below' then -value else value end as excess,
        count(*) filter (breach) over so_far * step_s as breach_s
    from numbered
    window
        whole as (partition by rule, level_no, entity_kind, entity, series_id, episode),
        so_far as (partition by rule, level_no, entity_kind, entity, series_id, episode order by ts)
),

hours as (
    select
        rule, title, metric, direction, statistic, level_no, severity, severity_rank, limit_value, tier, source, unit,
        entity_kind, entity, node, series_id, step_s, hour, episode, quantile,
        count(*) filter (counts_as_found) as points,
        min(began_at) as first_seen,
        max(seen_at) filter (breach) as last_seen,
        max(breach_s) as duration_s,
        arg_max(value, excess) filter (breach) as observed,
        max(excess) filter (breach) as excess,
        bool_or(fires) as fires
    from timed
    where ts >= $window_start
    group by all
),

found as (
    select rule, level_no, entity_kind, entity, series_id, hour, sum(points) as samples_found from hours group by all
),

worst as (
    select *, min(first_seen) over (partition by rule, entity_kind, entity, hour) as any_first_seen
    from hours
    where fires
    qualify row_number() over (
        partition by rule, entity_kind, entity, hour
        order by severity_rank desc, tier, excess desc, first_seen
    ) = 1
),

extractions as (
    select metric, hour, least(collected_until, hour + interval 1 hour) as collected_until, expr_hash
    from raw_extraction
    where cluster = $cluster and hour >= $window_start and hour < $window_end
),

measured as (
    select
        worst.*,
        found.samples_found,
        greatest(1, date_diff('second', worst.hour, extractions.collected_until) // worst.step_s) as samples_expected,
        worst.hour + interval 1 hour > least($now, extractions.collected_until) as provisional,
        extractions.expr_hash
    from worst
    join found using (rule, level_no, entity_kind, entity, hour)
    left join extractions on extractions.metric = worst.metric and extractions.hour = worst.hour
    where found.series_id is not distinct from worst.series_id
),

final as (
    select
        $cluster as cluster,
        rule,
        metric,
        entity_kind,
        entity,
        node,
        hour,
        severity,
        'certain' as certainty,
        observed,
        limit_value,
        unit,
        tier,
        source,
        duration_s::bigint as duration_s,
        least(1.0, samples_found / samples_expected) as coverage,
        samples_found::bigint as samples_found,
        samples_expected::bigint as samples_expected,
        step_s::bigint as step_s,
        expr_hash,
        any_first_seen as first_seen,
        first_seen as level_first_seen,
        last_seen,
        provisional,
        rule_summary(
            title, entity_kind, entity, direction, statistic, observed, unit, limit_value, tier, source, first_seen, last_seen
        ) as summary
    from measured
)

select * from final
