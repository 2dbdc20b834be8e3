-- warn
-- Series of nodes, pods and devices whose node could not be told.
select cluster, metric, hour, series, unresolved_series
from fct_coverage_hourly
where cluster = $cluster and hour >= $window_start and hour < $window_end and unresolved_series > 0
