-- merged_bucket: buckets of every latency metric merged over the series of an entity and over pieces of a window.
-- The pieces are `width` long from t0 on; t0 and t1 bound the start of five-minute intervals, t1 excluded.
-- les ascends to +Inf; counts are cumulative and made monotone after merging, since increases are extrapolated.
-- macro: merged_bucket(of_cluster, t0, t1, width)
with

series as (
    select s.series_id, s.entity_kind, s.entity, s.node
    from raw_series as s
    where s.cluster = of_cluster and s.last_seen >= t0 and s.first_seen < t1 + interval 5 minutes
),

summed as (
    select
        h.metric,
        series.entity_kind,
        series.entity,
        any_value(series.node) as node,
        time_bucket(width, h.ts, t0) as start,
        h.le,
        sum(h.increase) as increase,
        count(distinct h.ts) as points
    from raw_histogram as h
    join series on series.series_id = h.series_id
    where h.cluster = of_cluster and h.ts >= t0 and h.ts < t1
    group by h.metric, series.entity_kind, series.entity, time_bucket(width, h.ts, t0), h.le
    having sum(h.increase) is not null
),

cumulative as (
    select
        * exclude (increase),
        max(increase) over (partition by metric, entity_kind, entity, start order by le) as increase
    from summed
),

final as (
    select
        metric,
        entity_kind,
        entity,
        any_value(node) as node,
        start,
        max(points) as points,
        max(increase) as observations,
        list(le order by le) as les,
        list(increase order by le) as counts
    from cumulative
    group by metric, entity_kind, entity, start
)

select * from final
