-- fail
-- A finding names a limit with its tier and source, and rests on samples.
select cluster, rule, entity, hour, limit_value, tier, source, samples_found
from fct_bottleneck
where cluster = $cluster and hour >= $window_start and hour < $window_end
    and (limit_value is null or tier is null or source is null or coalesce(samples_found, 0) = 0)
