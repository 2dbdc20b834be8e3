-- warn
-- Statistics of one series ascend from its least value to its greatest, up to the last digits of a sum.
with

spread as (
    select *, 1e-9 * greatest(abs(min), abs(max)) as rounding
    from fct_metric_hourly
    where cluster = $cluster and hour >= $window_start and hour < $window_end
)

select cluster, metric, series_id, hour, min, avg, p50, p95, p99, max
from spread
where not (
    coalesce(avg, min) between min - rounding and max + rounding
    and coalesce(p50, min) >= min - rounding
    and coalesce(p95 >= p50 - rounding, true)
    and coalesce(p99 >= p95 - rounding, true)
    and coalesce(p99, max) <= max + rounding
)
