-- warn
-- Samples are those of the hour: some, no more NaN than there are, and no more than the hour has room for.
select cluster, metric, series_id, hour, samples, nan, expected, first_ts, last_ts
from fct_series_hourly
where cluster = $cluster and hour >= $window_start and hour < $window_end
    and not (
        samples between 1 and 3600 and nan between 0 and samples and expected >= samples
        and first_ts >= hour and first_ts <= last_ts and last_ts < hour + interval 1 hour
    )
