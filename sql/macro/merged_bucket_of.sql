-- merged_bucket_of: buckets of some latency metrics merged over the series of an entity and over pieces of a window; with
-- by_part those of each part of it stay apart, otherwise part is ''.
-- of_metrics, of_entity_ids: lists of them; NULL is all of them. They are held against the series, of which there are far fewer than
-- buckets, so that the others are not merged, which is most of a query's work.
-- The pieces are `width` long from t0 on; t0 and t1 bound the start of five-minute intervals, t1 excluded.
-- les ascends to +Inf; counts are cumulative and made monotone after merging, since increases are extrapolated.
-- metric is a key beside entity_id, which tells it, so that a condition on it is pushed down below the merging.
-- points counts the five-minute intervals of a piece in which there was a bucket.
-- macro: merged_bucket_of(of_cluster, t0, t1, width, of_metrics, of_entity_ids, by_part)
with

series as (
    select s.series_id, case when by_part then s.thing_id else s.entity_id end as entity_id
    from dim_series as s
    where s.cluster = of_cluster and (of_metrics is null or list_contains(of_metrics, s.metric))
        and (of_entity_ids is null or list_contains(of_entity_ids, s.entity_id))
),

intervals as (
    select
        h.metric,
        series.entity_id,
        h.ts,
        h.le,
        sum(h.increase) as increase
    from raw_histogram as h
    join series on series.series_id = h.series_id
    where h.cluster = of_cluster and h.ts >= t0 and h.ts < t1
    group by h.metric, series.entity_id, h.ts, h.le
),

summed as (
    select
        metric,
        entity_id,
        time_bucket(width, ts, t0) as start,
        le,
        sum(increase) as increase,
        count(*) as points
    from intervals
    group by metric, entity_id, time_bucket(width, ts, t0), le
    having sum(increase) is not null
),

cumulative as (
    select
        * exclude (increase),
        max(increase) over (partition by metric, entity_id, start order by le) as increase
    from summed
),

merged as (
    select
        metric,
        entity_id,
        start,
        max(points) as points,
        max(increase) as observations,
        list(le order by le) as les,
        list(increase order by le) as counts
    from cumulative
    group by metric, entity_id, start
),

final as (
    select
        merged.metric,
        thing.entity_kind,
        thing.entity,
        case when by_part then thing.part else '' end as part,
        thing.node,
        merged.* exclude (metric, entity_id)
    from merged
    join dim_series as thing on thing.cluster = of_cluster and thing.series_id = merged.entity_id
)

select * from final
