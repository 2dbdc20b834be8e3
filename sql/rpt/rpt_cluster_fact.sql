-- rpt_cluster_fact: what metrics tell of the cluster as a whole at the end of a window, field by field with the metric that
-- tells it. A field that no metric tells has no row: it is not known, as all but versions and nodes are once the window's samples
-- are gone. Moments are in UTC. rpt_inventory_* have what only the Kubernetes API knows.
-- grain: one row per field
-- macro: rpt_cluster_fact(of_cluster, t0, t1)
-- example: select field, value, source from rpt_cluster_fact($cluster, $t0, $t1)
-- example: select value as version from rpt_cluster_fact($cluster, $t0, $t1) where field = 'version'
-- example: select now.field, old.value as before, now.value from rpt_cluster_fact($cluster, $middle, $t1) as now join rpt_cluster_fact($cluster, $t0, $middle) as old using (field) where now.value <> old.value
with

newest as (
    select series_id, arg_max(value, ts) as value
    from raw_sample
    where cluster = of_cluster and domain in ('node', 'pods') and ts >= t0 and ts < t1
        and metric in ('cluster_version', 'cluster_operator_condition', 'pod-status')
    group by series_id
),

-- What ended before the window did, such as the version before an update, is no state of its end: series of one metric are
-- sampled at the same moments, so one that goes on has the newest of them.
levels as (
    select series.metric, series.labels, newest.value, least(series.last_seen, t1) as told_at
    from raw_series as series
    left join newest on newest.series_id = series.series_id
    where series.cluster = of_cluster and series.first_seen < t1 and series.last_seen >= t0
        and series.metric in ('cluster_version', 'cluster_operator_condition', 'pod-status')
    qualify told_at = max(told_at) over (partition by series.metric)
),

versions as (
    select labels['type'] as kind, labels['version'] as version, make_timestamp(1000000 * value::bigint) as since, told_at
    from levels
    where metric = 'cluster_version'
),

operators as (
    select
        labels['name'] as operator,
        coalesce(bool_or(labels['condition'] = 'Available' and value = 0), false)
            or coalesce(bool_or(labels['condition'] = 'Degraded' and value = 1), false) as is_unwell,
        coalesce(bool_or(labels['condition'] = 'Progressing' and value = 1), false) as is_progressing,
        max(told_at) as told_at
    from levels
    where metric = 'cluster_operator_condition' and value is not null
    group by operator
),

nodes as (
    select coalesce(role, 'unknown') as role, count(*) as nodes, max(last_seen) as told_at
    from dim_node
    where cluster = of_cluster and first_seen < t1 and last_seen >= t1 - interval 1 hour
    group by role
),

final(field, value, source, told_at) as (
    select case kind when 'updating' then 'updating_to' else 'version' end, version, 'cluster_version', told_at
    from versions where kind in ('completed', 'updating')
    union all
    select case kind when 'completed' then 'version_since' else 'installed_at' end, strftime(since, '%Y-%m-%d %H:%M'),
        'cluster_version', told_at
    from versions where kind in ('completed', 'cluster') and since is not null
    union all
    select 'nodes', string_agg(nodes || ' ' || role, ', ' order by role), 'node_role', least(max(told_at), t1)
    from nodes having count(*) > 0
    union all
    select 'operators', count(*)::varchar, 'cluster_operator_condition', max(told_at)
    from operators having count(*) > 0
    union all
    select 'operators_not_well', coalesce(string_agg(operator, ', ' order by operator) filter (is_unwell), 'none'),
        'cluster_operator_condition', max(told_at)
    from operators having count(*) > 0
    union all
    select 'operators_progressing', coalesce(string_agg(operator, ', ' order by operator) filter (is_progressing), 'none'),
        'cluster_operator_condition', max(told_at)
    from operators having count(*) > 0
    union all
    select 'pods', string_agg(value::bigint || ' ' || labels['phase'], ', ' order by labels['phase']), 'pod-status', max(told_at)
    from levels where metric = 'pod-status' and value is not null having count(*) > 0
)

select of_cluster as cluster, * from final
order by list_position(
    ['version', 'version_since', 'updating_to', 'installed_at', 'nodes', 'operators', 'operators_not_well'], field
) nulls last, field
