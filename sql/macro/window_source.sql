-- window_source: what statistics over a window can be made from: samples while they are kept, then five minutes, then hours.
-- One source serves the whole window, so that a number means one thing; it is widened to whole pieces of the source.
-- before_start is the beginning of the window of the same length before it, NULL where that source does not reach so far.
-- grain: one row
-- macro: window_source(names, t0, t1)
with

tables as (
    select distinct 'raw_' || domain as table_name from dim_metric where list_contains(names, metric)
),

kept as (
    select
        coalesce(max(kept_from) filter (table_name in (select table_name from tables)), '-infinity') as samples_from,
        coalesce(max(kept_from) filter (table_name = 'fct_metric_5m'), '-infinity') as minutes_from
    from raw_retention
),

chosen as (
    select
        *,
        case when samples_from <= t0 then 'samples' when minutes_from <= t0 then '5 minutes' else 'hours' end as source,
        case when samples_from <= t0 then samples_from when minutes_from <= t0 then minutes_from else '-infinity' end
            as reaches_to
    from kept
),

final as (
    select
        source,
        case source
            when 'samples' then t0
            when '5 minutes' then time_bucket(interval 5 minutes, t0)
            else time_bucket(interval 1 hour, t0)
        end as window_start,
        case source
            when 'samples' then t1
            when '5 minutes' then piece_end(interval 5 minutes, t1)
            else piece_end(interval 1 hour, t1)
        end as window_end,
        case when reaches_to <= t0 - (t1 - t0) then window_start - (window_end - window_start) end as before_start
    from chosen
)

select * from final
