-- warn
-- What happened is seen in its hour or in the next one, never before it happened.
select cluster, kind, entity, about, hour, start
from fct_event
where cluster = $cluster and hour >= $window_start and hour < $window_end
    and (start >= hour + interval 1 hour or start < hour - interval 1 hour)
