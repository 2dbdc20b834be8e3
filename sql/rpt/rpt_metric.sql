-- rpt_metric: the named metrics over any window: what each thing's level was, against its published objective and against the
-- window of the same length before. The first `how_many` of each metric and role of node, the worst first. of_role and
-- of_nodes narrow it; NULL is all. Most telling first: a missed objective, then the first of each metric, and among those
-- the largest share of a limit.
-- A latency has its quantiles from merged buckets of the whole thing and no mean over time; so has a metric that is itself a
-- quantile, where it is one of the whole thing: its max is its worst five minutes. One of a part, such as a peer, has no
-- more than that. families are the bucket families of both, [] without any; domains are those of the metrics, NULL to look
-- through all. Other quantiles are over time, and need samples: source says what was left.
-- status: met or missed (surely), possible (the objective lies inside the bucket that holds the P99), too few observations
-- (under 100), NULL without an objective. before is the mean, or the P99, of the window before.
-- grain: one row per metric, entity and part
-- macro: rpt_metric(of_cluster, names, families, domains, t0, t1, of_role, of_nodes, how_many)
-- example: from rpt_metric($cluster, ['disk_wal_fsync_seconds'], ['disk_wal_fsync_seconds'], null, $t0, $t1, null, null, 3) select entity, p99, objective, status
-- example: from rpt_metric($cluster, ['node_cpu_busy'], [], ['node'], $middle, $t1, 'worker', null, 5) select node, avg, p95, max, before order by avg desc
-- example: from rpt_metric($cluster, (select list(metric) from dim_metric where domain = 'disk'), [], ['disk'], $t0, $t1, null, null, 1) select metric, entity, avg, unit
with

metrics as (
    select *, coalesce(quantile_of, metric) as family from dim_metric where list_contains(names, metric)
),

quantiles as (
    select metrics.metric, found.* exclude (metric)
    from metrics
    join window_quantile(of_cluster, families, t0, t1) as found on found.metric = metrics.family
),

measured as (
    select
        coalesce(level.metric, quantiles.metric) as metric,
        coalesce(level.entity_kind, quantiles.entity_kind) as entity_kind,
        coalesce(level.entity, quantiles.entity) as entity,
        coalesce(level.part, '') as part,
        coalesce(level.node, quantiles.node) as node,
        coalesce(level.source, quantiles.source) as source,
        coalesce(level.window_start, quantiles.window_start) as window_start,
        coalesce(level.window_end, quantiles.window_end) as window_end,
        level.min,
        level.avg,
        coalesce(quantiles.p50, level.p50) as p50,
        quantiles.p90,
        coalesce(quantiles.p95, level.p95) as p95,
        coalesce(quantiles.p99, level.p99) as p99,
        level.max,
        level.last,
        coalesce(quantiles.before, level.before) as before,
        coalesce(quantiles.observations::bigint, level.samples) as observations,
        quantiles.slow_share_low,
        quantiles.slow_share_high,
        quantiles.certainty,
        coalesce(quantiles.p99, level.avg, level.max) as level
    from window_statistic(of_cluster, names, domains, t0, t1) as level
    full join quantiles
        on quantiles.metric = level.metric and quantiles.entity_kind = level.entity_kind
        and quantiles.entity = level.entity and level.part = ''
),

placed as (
    select
        measured.*,
        metrics.domain,
        metrics.title,
        metrics.unit,
        metrics.quantile_of,
        metrics.kind = 'histogram' or metrics.quantile_of is not null as is_latency,
        metrics.better,
        metrics.objective_value as objective,
        metrics.objective_tier as tier,
        thing_role(dim_node.role, measured.entity_kind) as role,
        case metrics.better
            when 'lower' then level / nullif(objective, 0)
            when 'higher' then objective / nullif(level, 0)
        end as limit_share,
        case
            when objective is null or metrics.better = 'neither' then null
            when quantile_of is not null and p99 is null then null
            when certainty is not null then
                case certainty when 'certain' then 'missed' when 'none' then 'met' else 'possible' end
            when avg is null then 'too few observations'
            when objective_met(objective, metrics.better, avg, avg) then 'met'
            else 'missed'
        end as status,
        case when metrics.better = 'higher' then -level else level end as excess
    from measured
    join metrics on metrics.metric = measured.metric and (measured.min is not null or metrics.quantile_of is null)
    left join dim_node on dim_node.cluster = of_cluster and dim_node.node = measured.node
),

narrowed as (
    select
        *,
        row_number() over (partition by metric, role order by excess desc, entity, part) as place,
        row_number() over (partition by metric order by excess desc, entity, part) as place_of_all
    from placed
    where (of_role is null or role = of_role) and (of_nodes is null or list_contains(of_nodes, node))
),

final as (
    select
        of_cluster as cluster, domain, metric, title, unit, quantile_of, is_latency, better, entity_kind, entity, part,
        node, role, source, window_start, window_end, observations, min, avg, p50, p90, p95, p99, max, last, before,
        slow_share_low, slow_share_high, objective, tier, limit_share, status, place, place_of_all
    from narrowed
    where place <= how_many
)

select * exclude (place_of_all) from final
order by
    list_position(['missed', 'possible'], status) nulls last,
    place_of_all = 1 desc,
    limit_share desc nulls last,
    place_of_all, domain, metric, entity, part
