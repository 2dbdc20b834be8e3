-- rpt_alert: alerts over any window by the time they fired, longest first; a flapping one began often and fired little.
-- The window is widened to whole hours. beginnings is 0 where it fired before it. mean_s is the mean time it fired at a
-- stretch, of which one more than the beginnings are in the window when it fired before.
-- grain: one row per alert, severity and namespace
-- macro: rpt_alert(of_cluster, t0, t1)
-- example: from rpt_alert($cluster, $t0, $t1)
-- example: select alert, severity, firing_s / 3600 as hours, beginnings from rpt_alert($cluster, $t0, $t1) where severity <> 'none'
-- example: select namespace, count(*) as alerts, sum(firing_s) as firing_s from rpt_alert($cluster, $t0, $t1) group by all order by all
with

hours as (
    select *
    from fct_alert_hourly
    where cluster = of_cluster
        and hour >= time_bucket(interval 1 hour, t0) and hour < t1 and t0 < t1
),

summed as (
    select
        alert,
        severity,
        namespace,
        sum(firing_s)::bigint as firing_s,
        sum(beginnings)::bigint as beginnings,
        -- Of hours that were built before carried_over was told and whose samples are gone it is NULL.
        greatest(sum(beginnings) + coalesce(arg_min_null(carried_over, hour), false)::bigint, 1) as stretches,
        max(most_at_once) as most_at_once,
        min(first_seen) as first_seen,
        max(last_seen) as last_seen
    from hours
    group by all
),

final as (
    select
        of_cluster as cluster,
        alert,
        severity,
        namespace,
        firing_s,
        beginnings,
        (firing_s / stretches)::bigint as mean_s,
        beginnings >= 4 and firing_s / stretches <= 900 as flaps,
        most_at_once,
        first_seen,
        last_seen
    from summed
)

select * from final
order by firing_s desc, alert, severity, namespace
