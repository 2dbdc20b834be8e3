-- judged_episode: episodes with the severity that they are shown with, and what made it another than that of their limit.
-- change: the upgrade of the cluster or the reboot of the node in which an episode began. One that also ended in it is a
-- level milder: it was to be expected.
-- raised_by: an objective that is missed (a T2 warning) is critical where, on the way that dim_cause knows from the one to
-- the other, a shipped alert's critical limit (T1) was broken at the same time: not before it, but for a quarter of an
-- hour of measuring. So nothing is called critical that no alert would call so.
-- grain: one row per cluster, rule, entity and episode
-- macro: judged_episode()
with

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

lowered as (
    select
        episodes.*,
        windows.change,
        case
            when last_seen > windows.change."end" or windows.change is null or severity = 'info' then severity
            when severity = 'critical' then 'warning'
            else 'info'
        end as lowered_severity
    from episodes
    left join windows using (cluster, rule, entity_kind, entity, first_hour)
),

raised as (
    select
        missed.cluster, missed.rule, missed.entity_kind, missed.entity, missed.first_hour,
        first(effect.rule || ' on ' || effect.entity order by effect.first_seen, effect.rule, effect.entity) as raised_by
    from lowered as missed
    join dim_cause on list_contains(dim_cause.signs, missed.rule)
    join lowered as effect
        on effect.cluster = missed.cluster
        and list_contains(dim_cause.explains, effect.rule)
        and effect.first_seen >= missed.first_seen - interval 15 minutes
        and effect.first_seen <= missed.last_seen
        and (dim_cause.reach = 'cluster' or effect.node = missed.node)
    where missed.worst.tier = 'T2' and missed.lowered_severity = 'warning'
        and effect.worst.tier = 'T1' and effect.lowered_severity = 'critical'
    group by all
),

final as (
    select
        lowered.* exclude (lowered_severity),
        raised.raised_by,
        case when raised.raised_by is null then lowered_severity else 'critical' end as judged_severity
    from lowered
    left join raised using (cluster, rule, entity_kind, entity, first_hour)
)

select * from final
