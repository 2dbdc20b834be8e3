-- fail
-- A severity is one of three, and what is said of a breach lies in order: it began, it was seen last, within its hour.
select cluster, rule, entity, hour, severity, first_seen, level_first_seen, last_seen
from fct_bottleneck
where cluster = $cluster and hour >= $window_start and hour < $window_end
    and (
        coalesce(severity not in ('info', 'warning', 'critical'), true)
        or first_seen > level_first_seen
        or level_first_seen > last_seen
        or last_seen not between hour and hour + interval 1 hour
    )
