-- rpt_findings: rules that fired in neighbouring hours, as one finding from first to last breach.
-- The summary speaks of the worst level and the stretch it held; start and end are those of the whole finding.
-- during: the upgrade of the cluster or the reboot of the node in which it began; a level milder when it ended with it.
-- raised_by: the critical finding beside it that makes a missed objective critical; judged_episode says when.
-- acknowledged: somebody knows of it (`ocpperf ack`), for good, until a date, or until it is worse than it was then.
-- open: the finding reaches the newest hour in which its metric was collected: what nobody asked for since has not ended. Of
-- a metric that the catalogue no longer has, none is open.
-- finding_id rests on the first hour it fired in; aliases are the ids it had as long as earlier hours were not collected.
-- view
-- grain: one row per cluster and finding
-- example: select severity, rule, entity, start, duration_s, summary from rpt_findings where not acknowledged order by start desc
-- example: select rule, count(*) as findings, min(start) as first from rpt_findings where cluster = $cluster and start >= $t0 group by all
-- example: select rule, entity, unnest(actions, recursive := true) from rpt_findings where severity = 'critical'
with

newest as (
    select extraction.cluster, extraction.metric, max(extraction.hour) as hour
    from raw_extraction as extraction
    join dim_metric on dim_metric.metric = extraction.metric
    where extraction.status in ('ok', 'partial')
        or (extraction.status = 'empty' and dim_metric.absent_means <> 'missing')
    group by all
),

judged as (
    select * from judged_episode()
),

known as (
    select
        judged.cluster, judged.rule, judged.entity_kind, judged.entity, judged.first_hour, ack.note
    from judged
    join dim_user_ack as ack
        on ack.cluster = judged.cluster and ack.rule = judged.rule
        and ack.entity_kind = judged.entity_kind and ack.entity = judged.entity
    where case ack.lasting
        when 'for-good' then true
        when 'until' then judged.first_seen < ack.until
        when 'until-worse' then list_position(['info', 'warning', 'critical'], judged.judged_severity)
            <= list_position(['info', 'warning', 'critical'], ack.severity)
    end
),

final as (
    select
        finding_id(judged.cluster, rule, entity_kind, entity, first_hour) as finding_id,
        list_transform(
            later_hours, lambda later: finding_id(judged.cluster, rule, entity_kind, entity, later)
        ) as aliases,
        'rule' as kind,
        rule,
        judged.cluster,
        analyzer,
        entity_kind,
        entity,
        node,
        first_seen as start,
        last_seen as "end",
        coalesce(last_hour >= newest.hour, false) as open,
        provisional,
        judged_severity as severity,
        certainty,
        observed,
        worst.limit_value,
        worst.unit,
        worst.tier,
        worst.source,
        least(1.0, samples_found / samples_expected) as coverage,
        duration_s,
        judged.change.title as during,
        judged.raised_by,
        known.first_hour is not null as acknowledged,
        known.note as acknowledged_because,
        rule_summary(
            judged.title, entity_kind, entity, direction, statistic, observed, worst.unit, worst.limit_value,
            worst.tier, worst.source, worst_first_seen, worst_last_seen
        ) || coalesce(format(' Raised to critical by {}.', judged.raised_by), '') as summary,
        causes,
        actions,
        struct_pack(
            metric := judged.metric,
            expr := coalesce(own.query, dim_metric.query),
            window_s := dim_metric.window_s,
            step_s := worst.step_s,
            samples_expected := samples_expected,
            samples_found := samples_found,
            expr_hash := worst.expr_hash
        ) as evidence
    from judged
    left join known using (cluster, rule, entity_kind, entity, first_hour)
    left join newest on newest.cluster = judged.cluster and newest.metric = judged.metric
    left join dim_metric on dim_metric.metric = judged.metric
    left join raw_cluster_metric as own on own.cluster = judged.cluster and own.metric = judged.metric
)

select * from final
