-- rpt_alert: alerts over any window by the time they fired, longest first; a flapping one began often and fired little.
-- The window is widened to whole hours. mean_s is the mean time it fired at a stretch.
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
        and hour >= time_bucket(interval 1 hour, t0) and hour < time_bucket(interval 1 hour, t1 + interval 3599 seconds)
),

final as (
    select
        of_cluster as cluster,
        alert,
        severity,
        namespace,
        sum(firing_s)::bigint as firing_s,
        greatest(sum(beginnings), 1)::bigint as beginnings,
        (sum(firing_s) / greatest(sum(beginnings), 1))::bigint as mean_s,
        sum(beginnings) >= 4 and sum(firing_s) / greatest(sum(beginnings), 1) <= 900 as flaps,
        max(most_at_once) as most_at_once,
        min(first_seen) as first_seen,
        max(last_seen) as last_seen
    from hours
    group by all
)

select * from final
order by firing_s desc, alert, severity, namespace
