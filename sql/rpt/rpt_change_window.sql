-- rpt_change_window: stretches in which somebody changed the cluster on purpose: upgrades, and reboots of single nodes.
-- An upgrade is version changes that follow each other within 90 minutes, from half an hour before the first to half an
-- hour after the last. A reboot begins where the node ceased to be ready, at most half an hour before it booted and not
-- ready again meanwhile, or else ten minutes earlier than that boot. It ends ten minutes after the node was ready again, or
-- twenty after the boot where it was not within half an hour. Boots of one absence are one reboot.
-- view
-- grain: one row per cluster, kind, entity and start
-- example: from rpt_change_window order by start desc
-- example: select entity as node, start, "end" from rpt_change_window where kind = 'reboot' and cluster = $cluster
-- example: select finding.rule, finding.entity, planned.title from rpt_findings as finding join rpt_change_window as planned on planned.cluster = finding.cluster and finding.start between planned.start and planned."end"
with

changes as (
    select
        cluster,
        start,
        about,
        detail,
        start - lag(start) over (partition by cluster order by start) > interval 90 minutes as begins
    from fct_event
    where kind = 'version-change'
),

numbered as (
    select *, count(*) filter (coalesce(begins, true)) over (partition by cluster order by start) as number
    from changes
),

upgrades as (
    select
        cluster,
        'upgrade' as kind,
        'cluster' as entity_kind,
        cluster as entity,
        min(start) - interval 30 minutes as start,
        max(start) + interval 30 minutes as "end",
        coalesce(
            'upgrade of the cluster from ' || min(detail) filter (about = 'the cluster'),
            'upgrade of ' || string_agg(distinct about, ' and ' order by about)
        ) as title
    from numbered
    group by cluster, number
),

boots as (
    select cluster, entity, start from fct_event where kind = 'node-boot'
),

readiness as (
    select cluster, entity, start, kind from fct_event where kind in ('node-ready', 'node-not-ready')
),

absences as (
    select
        boots.cluster,
        boots.entity,
        case
            when arg_max(readiness.kind, readiness.start) filter (readiness.start <= boots.start) = 'node-not-ready'
                then max(readiness.start) filter (readiness.start <= boots.start)
            else boots.start - interval 10 minutes
        end as start,
        coalesce(
            min(readiness.start) filter (readiness.kind = 'node-ready' and readiness.start > boots.start)
                + interval 10 minutes,
            boots.start + interval 20 minutes
        ) as "end"
    from boots
    left join readiness
        on readiness.cluster = boots.cluster and readiness.entity = boots.entity
        and readiness.start between boots.start - interval 30 minutes and boots.start + interval 30 minutes
    group by boots.cluster, boots.entity, boots.start
),

reboots as (
    select
        cluster,
        'reboot' as kind,
        'node' as entity_kind,
        entity,
        start,
        max("end") as "end",
        'reboot of ' || entity as title
    from absences
    group by cluster, entity, start
),

final as (
    select * from upgrades
    union all by name
    select * from reboots
)

select * from final
