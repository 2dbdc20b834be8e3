-- warn
-- An alert fires for some of its hour and no longer than it, and begins no more often than it has samples.
select cluster, alert, severity, namespace, hour, firing_s, beginnings, first_seen, last_seen
from fct_alert_hourly
where cluster = $cluster and hour >= $window_start and hour < $window_end
    and (
        firing_s not between 1 and 3600
        or beginnings > firing_s
        or first_seen < hour
        or first_seen > last_seen
        or last_seen >= hour + interval 1 hour
    )
