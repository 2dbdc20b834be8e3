-- rpt_root_cause: the common causes that a finding is consistent with, best shown first: no proof, a place to look.
-- A cause is shown by findings of its signs and by its events that overlap the finding, from a quarter of an hour before
-- it on: on the same node, or anywhere in the cluster where the cause reaches that far. A finding that is itself a sign
-- shows its cause. strength counts the different signs and events; competing names the other causes that are shown.
-- Acknowledged findings count as evidence: that somebody knows of them does not undo them.
-- view
-- grain: one row per cluster, finding and cause
-- example: select rule, entity, title, strength, statement, check_command from rpt_root_cause where place = 1
-- example: select finding.summary, cause.title, cause.evidence from rpt_findings as finding join rpt_root_cause as cause using (cluster, finding_id) order by finding.start, cause.place
-- example: select cause, count(distinct finding_id) as findings from rpt_root_cause where cluster = $cluster group by all order by findings desc
with

findings as (
    select cluster, finding_id, rule, entity, node, start, "end", summary from rpt_findings
),

suspected as (
    select
        findings.*,
        dim_cause.*,
        list_contains(dim_cause.signs, findings.rule) as is_sign
    from findings
    join dim_cause
        on list_contains(dim_cause.signs, findings.rule) or list_contains(dim_cause.explains, findings.rule)
),

happenings as (
    select cluster, kind, entity, node, start, start as "end", summary from fct_event
    union all
    select cluster, kind, entity, case when entity_kind = 'node' then entity end, start, "end", title
    from rpt_change_window
),

signs as (
    select
        suspected.finding_id, suspected.cause, other.rule as shown_by, other.finding_id as other_id,
        other.rule || ' on ' || other.entity as shown, other.start
    from suspected
    join findings as other
        on other.cluster = suspected.cluster
        and list_contains(suspected.signs, other.rule)
        and other.finding_id <> suspected.finding_id
        and other.start <= suspected."end"
        and other."end" >= suspected.start - interval 15 minutes
        and (other.node = suspected.node or (suspected.reach = 'cluster' and not suspected.is_sign))
),

events as (
    select
        suspected.finding_id, suspected.cause, happening.kind as shown_by, null::varchar as other_id,
        happening.summary as shown, happening.start
    from suspected
    join happenings as happening
        on happening.cluster = suspected.cluster
        and list_contains(suspected.events, happening.kind)
        and happening.start <= suspected."end"
        and happening."end" >= suspected.start - interval 15 minutes
        and (happening.node is null or happening.node = suspected.node or suspected.reach = 'cluster')
),

evidence as (
    select
        finding_id,
        cause,
        count(distinct shown_by) as kinds,
        list_distinct(list(other_id) filter (other_id is not null)) as findings,
        list_sort(list_distinct(list(shown))) as shown
    from (select * from signs union all select * from events)
    group by finding_id, cause
),

supported as (
    select
        suspected.cluster,
        suspected.finding_id,
        suspected.rule,
        suspected.entity,
        suspected.node,
        suspected.cause,
        suspected.title,
        suspected.is_sign,
        suspected.is_sign::bigint + coalesce(evidence.kinds, 0) as strength,
        coalesce(evidence.findings, []) as evidence,
        coalesce(evidence.shown, []) as shown,
        suspected.check_command,
        suspected.check_tells
    from suspected
    left join evidence on evidence.finding_id = suspected.finding_id and evidence.cause = suspected.cause
    where suspected.is_sign or evidence.kinds > 0
),

final as (
    select
        supported.cluster,
        finding_id,
        rule,
        entity,
        node,
        row_number() over finding as place,
        cause,
        title,
        strength,
        format(
            'Consistent with {}{}.',
            title,
            case
                when len(shown) > 0 then ': at the same time ' || array_to_string(shown[:4], ', ')
                else ', which it shows by itself'
            end
        ) as statement,
        evidence,
        list_filter(list(title) over (partition by finding_id), lambda other: other <> title) as competing,
        replace(check_command, 'NODE', coalesce(node, 'NODE')) as check_command,
        check_tells
    from supported
    window finding as (partition by finding_id order by strength desc, is_sign desc, cause)
)

select * from final
