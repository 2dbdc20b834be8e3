-- merged_hour: buckets of every latency metric merged over the hours of a window, where five-minute buckets are gone.
-- t0 and t1 bound the start of whole hours, t1 excluded. les and counts are as merged_bucket has them: what an hour
-- leaves out below its first observation counts nothing.
-- macro: merged_hour(of_cluster, t0, t1)
with

summed as (
    select
        h.metric,
        h.entity_kind,
        h.entity,
        any_value(h.node) as node,
        h.le,
        sum(h.increase) as increase
    from fct_histogram_hourly as h
    where h.cluster = of_cluster and h.hour >= t0 and h.hour < t1
    group by h.metric, h.entity_kind, h.entity, h.le
),

covered as (
    select l.metric, l.entity_kind, l.entity, sum(l.points)::bigint as points
    from fct_latency_hourly as l
    where l.cluster = of_cluster and l.hour >= t0 and l.hour < t1
    group by l.metric, l.entity_kind, l.entity
),

merged as (
    select
        metric,
        entity_kind,
        entity,
        any_value(node) as node,
        max(increase) as observations,
        list(le order by le) as les,
        list(increase order by le) as counts
    from summed
    group by metric, entity_kind, entity
),

final as (
    select merged.*, covered.points
    from merged
    join covered
        on covered.metric = merged.metric
        and covered.entity_kind = merged.entity_kind
        and covered.entity = merged.entity
)

select * from final
