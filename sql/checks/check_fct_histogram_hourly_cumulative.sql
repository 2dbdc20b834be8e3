-- fail
-- Merged counts never fall as the bound rises, and every entity keeps its +Inf bucket.
with

buckets as (
    select
        *,
        lag(increase) over (partition by metric, entity_kind, entity, hour order by le) as below,
        max(le) over (partition by metric, entity_kind, entity, hour) as highest
    from fct_histogram_hourly
    where cluster = $cluster and hour >= $window_start and hour < $window_end
)

select cluster, metric, entity, hour, le, increase, below, highest
from buckets
where increase < below or not isinf(highest)
