-- rpt_capacity: how much is left of each limited resource, and when nothing is, at the pace of the window.
-- Read from five-minute or hourly means of closed hours, in at most 48 pieces. What rises and falls with the load of the day is
-- judged over eight days or more, of which each piece is whole days; what accumulates over any window with eight pieces.
-- A resource is growing where each third of the window is higher than the one before it, the newest piece is not below the
-- second third (it was emptied), and the Mann-Kendall test tells it from chance (p < 0.01, Kendall 1975; neighbouring
-- pieces resemble each other, so chance is likelier than that, which the thirds make up for). Its growth is the
-- median of the slopes between all pairs of pieces, within their 99 % interval (Sen 1968). It is filling where that growth
-- may fill it no later than three windows from now: farther ahead a window tells nothing, and full_from and full_by are NULL.
-- grain: one row per metric, entity and part
-- macro: rpt_capacity(of_cluster, names, t0, t1)
-- example: select metric, entity, part, used, remaining, verdict from rpt_capacity($cluster, ['node_filesystem_used_ratio'], $t0, $t1) order by remaining
-- example: select entity, growth_per_day, full_from, full_by from rpt_capacity($cluster, (select list(metric) from dim_metric where accumulates), $t0, $t1) where verdict = 'filling'
-- example: select verdict, count(*) as things from rpt_capacity($cluster, (select list(metric) from dim_metric where capacity_value is not null), $t0, $t1) group by all
with

metrics as (
    select metric, title, unit, capacity_value, accumulates
    from dim_metric
    where list_contains(names, metric) and capacity_value is not null
),

pieces as (
    from capacity_piece(of_cluster, names, t0, t1)
),

things as (
    select
        metric, entity_kind, entity, part,
        any_value(node) as node,
        count(*) as pieces,
        arg_max(value, start) as used,
        max(value) as highest,
        max(start) as newest,
        avg(value) filter (third = 0) as early,
        avg(value) filter (third = 1) as middle,
        avg(value) filter (third = 2) as late
    from pieces
    group by metric, entity_kind, entity, part
),

candidates as (
    select things.*
    from things
    join metrics on metrics.metric = things.metric
    where pieces >= 8 and early < middle and middle < late and used >= middle
        and (metrics.accumulates or t1 - t0 >= interval 8 days)
),

slopes as (
    select
        a.metric, a.entity_kind, a.entity, a.part,
        sum(sign(b.value - a.value)) as score,
        list((b.value - a.value) / (b.day - a.day) order by (b.value - a.value) / (b.day - a.day)) as ordered
    from candidates
    join pieces as a using (metric, entity_kind, entity, part)
    join pieces as b using (metric, entity_kind, entity, part)
    where a.day < b.day
    group by a.metric, a.entity_kind, a.entity, a.part
),

tested as (
    select
        slopes.*,
        sqrt(pieces * (pieces - 1) * (2 * pieces + 5) / 18) as spread,
        2.576 * spread as reach,
        len(ordered) as pairs
    from slopes
    join candidates using (metric, entity_kind, entity, part)
),

growing as (
    select
        metric, entity_kind, entity, part,
        list_aggregate(ordered, 'median') as growth_per_day,
        ordered[greatest(1, floor((pairs - reach) / 2))::bigint] as growth_low,
        ordered[least(pairs, ceil((pairs + reach) / 2) + 1)::bigint] as growth_high
    from tested
    where (score - 1) / spread >= 2.576
),

final as (
    select
        of_cluster as cluster,
        things.metric,
        metrics.title,
        metrics.unit,
        things.entity_kind,
        things.entity,
        things.part,
        things.node,
        thing_role(dim_node.role, things.entity_kind) as role,
        metrics.capacity_value as capacity,
        things.used,
        things.highest,
        metrics.capacity_value - things.used as remaining,
        things.pieces,
        growing.growth_per_day,
        growing.growth_low,
        growing.growth_high,
        -- A mean stands for the middle of its piece.
        things.newest + capacity_width(t0, t1) / 2 as counted_from,
        remaining / growing.growth_high as soonest_days,
        remaining / growing.growth_low as latest_days,
        case
            when things.used >= metrics.capacity_value then 'full'
            when not metrics.accumulates and t1 - t0 < interval 8 days then 'not judged: under eight days'
            when things.pieces < 8 then 'not judged: under eight pieces of data'
            when growing.metric is null then 'not growing'
            when soonest_days <= 3 * epoch(t1 - t0) / 86400 then 'filling'
            else 'growing'
        end as verdict
    from things
    join metrics on metrics.metric = things.metric
    left join growing
        on growing.metric = things.metric and growing.entity_kind = things.entity_kind
        and growing.entity = things.entity and growing.part = things.part
    left join dim_node on dim_node.cluster = of_cluster and dim_node.node = things.node
)

select
    * exclude (soonest_days, latest_days, counted_from),
    case when verdict = 'filling' then counted_from + to_seconds(86400 * soonest_days) end as full_from,
    -- Growth that may as well be none has no end.
    case when verdict = 'filling' and latest_days between 0 and 3650 then counted_from + to_seconds(86400 * latest_days) end
        as full_by
from final
order by list_position(['full', 'filling'], verdict) nulls last, full_from nulls last, highest / capacity desc, metric, entity, part
