-- rule_point: every point of every rule's metric held against each level of the rule.
-- A latency point is five minutes of an entity's merged buckets: it breaches when even at the first bucket bound not
-- below the limit the share of operations is under the quantile. Other points are samples of a series.
-- Where a rule names a denominator, a sample at which that is under its floor counts as not collected.
-- Hours in which the metric was truncated (over its series limit) or a metric the rule needs is missing are left out.
-- macro: rule_point(of_cluster, t0, t1)
with

levels as (
    select * from rule_level()
),

metrics as (
    select metric, bool_or(quantile is null) as is_sampled from levels group by metric
),

extractions as (
    select e.metric, e.hour, coalesce(e.step_s, 60) as step_s
    from raw_extraction as e
    semi join metrics on metrics.metric = e.metric
    where e.cluster = of_cluster and e.hour >= t0 and e.hour < t1 and e.status <> 'truncated'
),

hours as (
    select e.hour, list(e.metric) as collected
    from raw_extraction as e
    where e.cluster = of_cluster and e.hour >= t0 and e.hour < t1 and e.status in ('ok', 'partial')
    group by e.hour
),

series as (
    select s.series_id, s.metric, s.entity_kind, s.entity, s.node
    from dim_series as s
    semi join metrics on metrics.metric = s.metric and metrics.is_sampled
    where s.cluster = of_cluster
),

-- Decided before the points are joined: the list of what was collected is long, and there is a row for each point.
judgeable as (
    select
        levels.*,
        extractions.hour,
        case when levels.quantile is null then extractions.step_s else 300 end as step_s
    from levels
    join extractions on extractions.metric = levels.metric
    left join hours on hours.hour = extractions.hour
    where len(levels.needs) = 0 or coalesce(list_has_all(hours.collected, levels.needs), false)
),

roles as (
    select n.node, n.roles from dim_node as n where n.cluster = of_cluster
),

-- Materialized because DuckDB 2.0.0 fails on the joins over this union ("dict-surviving cache"); 2.0.1 does not.
points as materialized (
    select
        metric, entity_kind, entity, node, null::bigint as series_id, start as ts, 300 as span_s,
        null::double as value, observations, les, counts
    from merged_bucket_of(
        of_cluster, t0, t1, interval 5 minutes,
        (select list(distinct metric) from rule_level() where quantile is not null),
        null::bigint[],
        false
    )
    union all by name
    select
        series.metric, series.entity_kind, series.entity, series.node, series.series_id, sample.ts, 0 as span_s,
        sample.value
    from raw_sample as sample
    join series on series.series_id = sample.series_id and series.metric = sample.metric
    where sample.cluster = of_cluster and sample.ts >= t0 and sample.ts < t1
),

floors as (
    select levels.rule, s.entity_kind, s.entity, sample.ts, sum(sample.value) as denominator_value
    from (select distinct rule, denominator from levels where denominator is not null) as levels
    join raw_sample as sample on sample.metric = levels.denominator
    join raw_series as s on s.series_id = sample.series_id and s.metric = sample.metric
    where sample.cluster = of_cluster and sample.ts >= t0 and sample.ts < t1
    group by all
),

judged as (
    select
        judgeable.* exclude (metric),
        judgeable.denominator is null
            or coalesce(floors.denominator_value, 0) >= judgeable.min_denominator as is_worth_it,
        points.* exclude (value),
        case when quantile is null then points.value else bucket_quantile(quantile, les, counts) end as value,
        case
            when quantile is not null then bucket_share(limit_above(limit_value, les), les, counts) < quantile
            when direction = 'below' then points.value < limit_value
            else points.value > limit_value
        end as breach
    from points
    join judgeable on judgeable.metric = points.metric and judgeable.hour = date_trunc('hour', points.ts)
    left join roles on roles.node = points.node
    left join rule_scope(of_cluster) as scope
        on scope.rule = judgeable.rule and scope.node is not distinct from roles.node
    left join floors
        on floors.rule = judgeable.rule and floors.entity_kind = points.entity_kind and floors.entity = points.entity
        and floors.ts = points.ts
    where judgeable.override_no = coalesce(scope.override_no, 0)
        and (len(judgeable.roles) = 0 or coalesce(list_has_any(roles.roles, judgeable.roles), false))
),

final as (
    select
        * exclude (les, counts, roles, needs, override_no, breach, is_worth_it, denominator, min_denominator),
        coalesce(breach, false) and is_worth_it as breach,
        is_worth_it and (quantile is not null or value is not null) as counts_as_found,
        ts + to_seconds(span_s) as seen_at
    from judged
)

select * from final
