-- window_change: what differs between two windows, a before and b after; rpt_compare says what its columns mean.
-- of_metrics: a list of the metrics asked for; NULL is all of them. The others are not read.
-- grain: one row per metric, entity and part
-- macro: window_change(of_cluster, a0, a1, b0, b1, of_metrics)
with

levels as (
    select
        coalesce(a.metric, b.metric) as metric,
        'mean' as statistic,
        coalesce(a.entity_kind, b.entity_kind) as entity_kind,
        coalesce(a.entity, b.entity) as entity,
        coalesce(a.part, b.part) as part,
        coalesce(b.node, a.node) as node,
        a.level as before,
        b.level as after,
        a.points as observations_before,
        b.points as observations_after,
        a.coverage as coverage_before,
        b.coverage as coverage_after,
        sqrt((a.spread ** 2 + b.spread ** 2) / 2) as spread,
        least(a.points, b.points) >= 6 and least(a.coverage, b.coverage) >= 0.5 as is_enough,
        null::double as before_low, null::double as before_high, null::double as after_low, null::double as after_high
    from window_level(of_cluster, a0, a1, of_metrics) as a
    full join window_level(of_cluster, b0, b1, of_metrics) as b
        on a.metric = b.metric and a.entity_kind = b.entity_kind and a.entity = b.entity and a.part = b.part
),

latencies as (
    select
        coalesce(a.metric, b.metric) as metric,
        'p99' as statistic,
        coalesce(a.entity_kind, b.entity_kind) as entity_kind,
        coalesce(a.entity, b.entity) as entity,
        '' as part,
        coalesce(b.node, a.node) as node,
        a.p99 as before,
        b.p99 as after,
        a.observations::bigint as observations_before,
        b.observations::bigint as observations_after,
        least(1.0, a.points * 300 / (epoch(a1) - epoch(a0))) as coverage_before,
        least(1.0, b.points * 300 / (epoch(b1) - epoch(b0))) as coverage_after,
        null::double as spread,
        least(a.observations, b.observations) >= 100 as is_enough,
        case when a.observations >= 100 then a.p99_low end as before_low, a.p99_high as before_high,
        case when b.observations >= 100 then b.p99_low end as after_low, b.p99_high as after_high
    from entity_latency(of_cluster, a0, a1, of_metrics) as a
    full join entity_latency(of_cluster, b0, b1, of_metrics) as b
        on a.metric = b.metric and a.entity_kind = b.entity_kind and a.entity = b.entity
),

expressions as (
    select
        coalesce(a.metric, b.metric) as metric,
        len(list_distinct(list_concat(a.hashes, b.hashes))) > 1 as changed
    from window_expression(of_cluster, a0, a1) as a
    full join window_expression(of_cluster, b0, b1) as b on a.metric = b.metric
),

compared as (
    select * from levels
    union all by name
    select * from latencies
),

measured as (
    select
        compared.*,
        dim_metric.title,
        dim_metric.domain,
        dim_metric.unit,
        dim_metric.better,
        dim_metric.objective_value as objective,
        coalesce(expressions.changed, false) as expression_changed,
        after - before as delta,
        case when before <> 0 then after / before end as ratio,
        case when spread > 0 then (after - before) / spread end as effect_size
    from compared
    join dim_metric on dim_metric.metric = compared.metric
    left join expressions on expressions.metric = compared.metric
),

judged as (
    select
        *,
        case
            when before is null and after is null then 'no value in either window'
            when before is null or after is null then null
            when expression_changed then 'its expression changed between the windows'
            when not coalesce(is_enough, false) then 'too little was collected in one of the windows'
        end as reason,
        case
            when statistic = 'p99' then after_low >= before_high or after_high <= before_low
            when delta = 0 then false
            when abs(delta) < 0.1 * greatest(abs(before), abs(after)) then false
            else effect_size is null or abs(effect_size) >= 0.8
        end as differs,
        case when statistic = 'p99' then before_low when coverage_before >= 0.5 then before end as least_before,
        case statistic when 'p99' then before_high else before end as most_before,
        case when statistic = 'p99' then after_low when coverage_after >= 0.5 then after end as least_after,
        case statistic when 'p99' then after_high else after end as most_after
    from measured
),

final as (
    select
        of_cluster as cluster,
        domain,
        metric,
        title,
        unit,
        statistic,
        entity_kind,
        entity,
        part,
        node,
        before,
        after,
        delta,
        ratio,
        effect_size,
        observations_before,
        observations_after,
        coverage_before,
        coverage_after,
        objective,
        objective_met(objective, better, least_before, most_before) as met_before,
        objective_met(objective, better, least_after, most_after) as met_after,
        case
            when reason is not null then 'not comparable'
            when before is null then 'only after'
            when after is null then 'only before'
            when not differs then 'unchanged'
            when better = 'neither' then 'changed'
            when (better = 'lower') = (delta < 0) then 'better'
            else 'worse'
        end as change,
        reason
    from judged
)

select * from final
