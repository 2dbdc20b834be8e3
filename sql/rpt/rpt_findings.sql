-- rpt_findings: rules that fired in neighbouring hours, as one finding from first to last breach.
-- The summary speaks of the worst level and the stretch it held; start and end are those of the whole finding.
-- during: the upgrade of the cluster or the reboot of the node in which it began. What also ended in it is one level
-- milder: it was to be expected.
-- acknowledged: somebody knows of it (`ocpperf ack`), for good, until a date, or until it is worse than it was then.
-- open: the finding reaches the newest hour in which its metric was collected: what nobody asked for since has not ended. Of
-- a metric that the catalogue no longer has, none is open.
-- finding_id rests on the first hour it fired in.
-- view
-- grain: one row per cluster and finding
with

newest as (
    select extraction.cluster, extraction.metric, max(extraction.hour) as hour
    from raw_extraction as extraction
    join dim_metric on dim_metric.metric = extraction.metric
    where extraction.status in ('ok', 'partial')
        or (extraction.status = 'empty' and dim_metric.absent_means <> 'missing')
    group by all
),

episodes as (
    select * from finding_episode()
),

windows as (
    select
        episodes.cluster, rule, episodes.entity_kind, episodes.entity, first_hour,
        first(struct_pack(title := w.title, "end" := w."end") order by w.kind, w."end" desc) as change
    from episodes
    join rpt_change_window as w
        on w.cluster = episodes.cluster
        and (w.entity_kind = 'cluster' or w.entity = episodes.node)
        and episodes.first_seen >= w.start and episodes.first_seen < w."end"
    group by all
),

judged as (
    select
        episodes.*,
        windows.change,
        case
            when last_seen > windows.change."end" or windows.change is null or severity = 'info' then severity
            when severity = 'critical' then 'warning'
            else 'info'
        end as judged_severity
    from episodes
    left join windows using (cluster, rule, entity_kind, entity, first_hour)
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
        left(sha256(concat_ws(
            '|', judged.cluster, 'rule', rule, entity_kind, entity, strftime(first_hour, '%Y-%m-%dT%H:%M:%SZ')
        )), 16) as finding_id,
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
        known.first_hour is not null as acknowledged,
        known.note as acknowledged_because,
        rule_summary(
            judged.title, entity_kind, entity, direction, statistic, observed, worst.unit, worst.limit_value,
            worst.tier, worst.source, worst_first_seen, worst_last_seen
        ) as summary,
        causes,
        actions,
        struct_pack(
            metric := judged.metric,
            expr := dim_metric.query,
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
)

select * from final
