-- rpt_not_evaluated: rules that could not be judged in hours of a window, and why: silence there says nothing.
-- A rule is judged where its metric was collected and covered by at least 80 %, and what it needs besides, its denominator
-- too, was there. What was empty because it never happened was judged; what the cluster does not have, and what an override
-- switched off, is listed as not applicable. A ratio is absent where its denominator is zero: whether it was covered, its
-- denominator tells. The window is widened to whole hours; only hours of which anything was collected count. Where there is
-- none, every rule is listed with 0 hours.
-- grain: one row per rule and reason
-- macro: rpt_not_evaluated(of_cluster, t0, t1)
-- example: from rpt_not_evaluated($cluster, $t0, $t1) order by hours desc
-- example: select rule, metric, hours, hours_collected from rpt_not_evaluated($cluster, $t0, $t1) where analyzer = 'etcd'
-- example: select reason, count(*) as rules from rpt_not_evaluated($cluster, $t0, $t1) group by all order by rules desc
with

coverage as (
    select *
    from fct_coverage_hourly
    where cluster = of_cluster and hour >= time_bucket(interval 1 hour, t0) and hour < t1 and t0 < t1
),

hours as (
    select distinct hour from coverage
),

needed as (
    select rule, unnest(needs) as metric from dim_rule
    union
    select rule, denominator from dim_rule where denominator is not null
),

lacking as (
    select needed.rule, hours.hour, list_sort(list(needed.metric)) as metrics
    from needed
    cross join hours
    anti join coverage
        on coverage.metric = needed.metric and coverage.hour = hours.hour and coverage.status in ('ok', 'partial')
    group by needed.rule, hours.hour
),

-- On every node, and for what belongs to none.
switched_off as (
    select rule, any_value(because) as because
    from rule_scope(of_cluster)
    group by rule
    having bool_and(is_off) and count(*) = (select count(*) + 1 from dim_node where cluster = of_cluster)
),

judged as (
    select
        dim_rule.rule,
        dim_rule.title,
        dim_rule.analyzer,
        dim_rule.metric,
        hours.hour,
        case
            when switched_off.rule is not null then 'switched off: ' || switched_off.because
            when coverage.metric is null then 'not collected'
            when coverage.status = 'error' then 'its collection failed'
            when coverage.status = 'truncated' then 'it has more series than it may have'
            when coverage.status = 'empty' and coverage.absent_means = 'zero' then null
            when coverage.status = 'empty' and coverage.absent_means = 'not_applicable' then 'the cluster does not have it'
            when coverage.status = 'empty' then 'Prometheus has no such series'
            when coalesce(denominators.coverage, coverage.coverage) < 0.8 then 'covered by less than 80 %'
            when lacking.rule is not null then 'lacks ' || array_to_string(lacking.metrics, ', ')
        end as reason
    from dim_rule
    cross join hours
    left join coverage on coverage.metric = dim_rule.metric and coverage.hour = hours.hour
    left join coverage as denominators
        on denominators.metric = dim_rule.denominator and denominators.hour = hours.hour
        and denominators.status in ('ok', 'partial')
    left join lacking on lacking.rule = dim_rule.rule and lacking.hour = hours.hour
    left join switched_off on switched_off.rule = dim_rule.rule
),

silent as (
    select rule, title, analyzer, metric, null::timestamp as hour, 'nothing was collected in this window' as reason
    from dim_rule
    where not exists (from hours)
),

final as (
    select
        of_cluster as cluster,
        rule,
        title,
        analyzer,
        metric,
        reason,
        reason <> 'the cluster does not have it' and not starts_with(reason, 'switched off') as is_applicable,
        count(hour) as hours,
        (select count(*) from hours) as hours_collected,
        min(hour) as first_hour,
        max(hour) as last_hour
    from (select * from judged union all by name select * from silent)
    where reason is not null
    group by all
)

select * from final
order by not is_applicable, hours desc, rule
