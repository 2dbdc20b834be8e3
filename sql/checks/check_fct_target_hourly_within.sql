-- warn
-- A target answered last within its hour, when it answered at all.
select cluster, series_id, job, instance, hour, up_until
from fct_target_hourly
where cluster = $cluster and hour >= $window_start and hour < $window_end
    and (up_until < hour or up_until >= hour + interval 1 hour)
