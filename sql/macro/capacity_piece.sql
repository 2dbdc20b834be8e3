-- capacity_piece: means of the named metrics in the pieces of a window that closed hours cover whole, from five minutes or, where
-- pieces are longer, hours. day is the piece's start in days since t0, third the third of the covered window that it lies in.
-- grain: one row per metric, entity, part and piece
-- macro: capacity_piece(of_cluster, names, t0, t1)
with

closed as (
    select least(t1, coalesce(max(hour) + interval 1 hour, t0)) as until
    from fct_coverage_hourly
    where cluster = of_cluster and not provisional
),

points as (
    select series_id, ts, samples, avg from fct_metric_5m
    where cluster = of_cluster and list_contains(names, metric) and ts >= t0 and ts < t1
        and avg is not null and capacity_width(t0, t1) < interval 1 hour
    union all
    select series_id, hour, samples, avg from fct_metric_hourly
    where cluster = of_cluster and list_contains(names, metric) and hour >= t0 and hour < t1
        and avg is not null and capacity_width(t0, t1) >= interval 1 hour
),

pieces as (
    select
        thing.metric, thing.entity_kind, thing.entity, thing.part,
        time_bucket(capacity_width(t0, t1), points.ts, t0) as start,
        any_value(thing.node) as node,
        sum(points.avg * points.samples) / sum(points.samples) as value,
        epoch(start - t0) / 86400 as day,
        least(floor(3 * epoch(start - t0) / epoch(any_value(closed.until) - t0)), 2) as third
    from points
    join dim_series as thing on thing.cluster = of_cluster and thing.series_id = points.series_id
    cross join closed
    where points.ts < closed.until
    group by thing.metric, thing.entity_kind, thing.entity, thing.part, time_bucket(capacity_width(t0, t1), points.ts, t0)
    having start + capacity_width(t0, t1) <= any_value(closed.until)
)

select * from pieces
