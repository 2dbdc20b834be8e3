-- warn
-- The mean and the last value lie between the least and the greatest, up to the last digits of a sum.
with

spread as (
    select *, 1e-9 * greatest(abs(min), abs(max)) as rounding
    from fct_metric_5m
    where cluster = $cluster and ts >= $window_start and ts < $window_end
)

select cluster, metric, series_id, ts, min, avg, last, max
from spread
where not (avg between min - rounding and max + rounding and coalesce(last, min) between min and max)
