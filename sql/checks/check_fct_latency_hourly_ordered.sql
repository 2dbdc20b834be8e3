-- fail
-- Quantiles of one distribution ascend, and the P99 lies in its own bucket.
select cluster, metric, entity, hour, p50, p90, p99, p99_low, p99_high
from fct_latency_hourly
where cluster = $cluster and hour >= $window_start and hour < $window_end
    and not (p50 <= p90 and p90 <= p99 and p99 >= p99_low and p99 <= p99_high)
