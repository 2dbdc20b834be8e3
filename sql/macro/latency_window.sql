-- latency_window: buckets of every latency of every entity over any window, from five-minute ones while they are kept.
-- The window is widened to whole five minutes, unless it is empty. Where it begins before the oldest five-minute bucket,
-- hourly buckets tell, and it is widened to whole hours. window_start, window_end and interval_s say which it was.
-- of_metrics: a list of the latencies asked for; NULL is all of them.
-- macro: latency_window(of_cluster, t0, t1, of_metrics)
with

asked as (
    select
        time_bucket(interval 5 minutes, t0) as start_5m,
        piece_end(interval 5 minutes, t1) as end_5m,
        time_bucket(interval 1 hour, t0) as start_hour,
        piece_end(interval 1 hour, t1) as end_hour
),

forgotten as (
    select asked.*
    from asked
    join raw_retention as retention on retention.table_name = 'raw_histogram' and asked.start_5m < retention.kept_from
),

fine as (
    select merged.* exclude (part), asked.start_5m as window_start, asked.end_5m as window_end, 300 as interval_s
    from merged_bucket_of(
        of_cluster,
        time_bucket(interval 5 minutes, t0),
        piece_end(interval 5 minutes, t1),
        piece_end(interval 5 minutes, t1) - time_bucket(interval 5 minutes, t0),
        of_metrics,
        null::bigint[],
        false
    ) as merged
    cross join asked
    where t0 < t1 and not exists (from forgotten)
),

coarse as (
    select merged.*, forgotten.start_hour as window_start, forgotten.end_hour as window_end, 3600 as interval_s
    from merged_hour(
        of_cluster,
        time_bucket(interval 1 hour, t0),
        piece_end(interval 1 hour, t1)
    ) as merged
    cross join forgotten
    where t0 < t1 and (of_metrics is null or list_contains(of_metrics, merged.metric))
),

final as (
    select * exclude (start) from fine
    union all by name
    select * from coarse
)

select * from final
