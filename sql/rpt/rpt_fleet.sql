-- rpt_fleet: the clusters beside each other in a window, in every metric that the catalogue watches.
-- place 1 is the worst by the metric's own direction, or the highest where it has none. percentile is the share of the
-- clusters with a value that are no worse than this one: 1 is the worst; NULL where there is but one.
-- Peers are clusters of the same platform and minor version. Clusters without a value have no place: value is NULL, coverage
-- 0. value and worst_hour are as fleet_level has them; a latency of fewer than 100 operations, or a value from less than
-- half of the window's hours, gets no place either.
-- grain: one row per cluster and metric
-- macro: rpt_fleet(t0, t1)
-- example: from rpt_fleet($t0, $t1) select metric, cluster, value, unit, worst_entity where place = 1 order by metric
-- example: select cluster, avg(percentile) as percentile, count(place) as metrics from rpt_fleet($t0, $t1) group by all order by percentile desc
-- example: select version, metric, min(value), max(value) from rpt_fleet($middle, $t1) where metric = 'disk_wal_fsync_seconds_duration_p99' group by all
with

clusters as (
    select
        c.cluster, c.labels, c.platform, c.version, regexp_extract(c.version, '^v?\d+\.\d+') as minor_version, c.nodes
    from dim_cluster as c
    where c.last_seen > t0 and c.first_seen < t1
),

wanted as (
    select clusters.*, m.metric, m.domain, m.title, m.unit, m.better, m.objective_value as objective
    from clusters
    cross join dim_metric as m
    where m.watch
),

found as (
    select
        wanted.*,
        level.statistic,
        level.value,
        level.worst_hour,
        level.worst_entity,
        level.observations,
        coalesce(level.hours, 0)
            / date_diff('hour', time_bucket(interval 1 hour, t0), piece_end(interval 1 hour, t1)) as coverage
    from wanted
    left join fleet_level(t0, t1) as level on level.cluster = wanted.cluster and level.metric = wanted.metric
),

judged as (
    select
        *,
        case
            when coverage < 0.5 or observations < 100 then null
            when better = 'higher' then -value
            else value
        end as badness
    from found
),

ranked as (
    select
        *,
        count(badness) over (partition by metric) as clusters,
        rank() over (partition by metric order by badness desc nulls last) as place,
        count(badness) over (partition by metric order by badness) as no_worse,
        count(badness) over (partition by metric, platform, minor_version) as peers,
        rank() over (partition by metric, platform, minor_version order by badness desc nulls last) as place_of_peers
    from judged
),

final as (
    select
        cluster, labels, platform, version, nodes, domain, metric, title, unit, better, objective,
        statistic, value, worst_hour, worst_entity, observations, coverage,
        case when badness is not null then place end as place,
        case when badness is not null and clusters > 1 then no_worse / clusters end as percentile,
        clusters,
        case when badness is not null then place_of_peers end as place_of_peers,
        peers
    from ranked
)

select * from final
order by domain, metric, place nulls last, cluster
