-- fct_event: what happened to the cluster at one moment, as far as Prometheus holds it: nodes that booted, joined, were
-- not ready or ready again, new versions, changes of etcd's leader, defragmentations, restarts, alerts.
-- start is when it happened; hour is that in which it was seen, a step or a window later.
-- Nothing is an event of which the moment before was not collected: the first hour of a history has no news, and none has
-- the first after an hour that failed.
-- grain: one row per cluster, kind of event, entity, thing it is about and moment
-- keys: cluster, kind, entity_kind, entity, about, start
-- window: hour
-- lookback: 1h
-- example: select start, kind, entity, about, summary from fct_event where cluster = $cluster and hour >= $t0 order by start
-- example: select kind, count(*) as times from fct_event where hour >= $t0 group by all order by times desc
-- example: select event.start, event.summary, finding.rule from fct_event as event join rpt_findings as finding on finding.cluster = event.cluster and event.start between finding.start - interval 15 minutes and finding."end"
with

-- Values whose change is an event: from what to what, and for which labels.
watched as (
    from (values
        ('node_boot_time', 'node-boot', null::varchar),
        ('etcd_is_leader', 'leader-change', null),
        ('node_condition', 'node-ready', 'Ready/true'),
        ('node_unschedulable', 'node-cordon', null),
        ('disk_backend_defrag_duration_sum_rate', 'defragmentation', null),
        ('ovnkube_controller_ready_duration_seconds', 'ovn-restart', null),
        ('pod_container_restarts', 'container-restart', null)
    ) as t(metric, kind, state)
),

extractions as (
    select metric, hour
    from raw_extraction
    where cluster = $cluster and hour >= $lookback_start and hour < $window_end and status in ('ok', 'empty', 'partial')
),

samples as (
    select
        watched.kind,
        series.entity_kind,
        series.entity,
        series.node,
        series.labels,
        case watched.kind when 'ovn-restart' then hash(series.entity) else series.series_id end as thing,
        sample.ts,
        sample.value
    from raw_sample as sample
    join watched on watched.metric = sample.metric
    join raw_series as series on series.series_id = sample.series_id and series.metric = sample.metric
    semi join extractions on extractions.metric = sample.metric and extractions.hour = date_trunc('hour', sample.ts)
    where sample.cluster = $cluster and series.cluster = $cluster
        and sample.ts >= $lookback_start and sample.ts < $window_end and sample.value is not null
        and (watched.state is null or watched.state = series.labels['condition'] || '/' || series.labels['status'])
),

stepped as (
    select
        *,
        lag(value) over thing_by_time as before,
        lag(ts) over thing_by_time as before_ts
    from samples
    window thing_by_time as (partition by kind, thing order by ts)
),

changed as (
    select
        case
            when kind = 'node-ready' and value = 0 then 'node-not-ready'
            when kind = 'node-cordon' and value = 0 then 'node-uncordon'
            else kind
        end as kind,
        entity_kind,
        entity,
        node,
        case kind when 'container-restart' then labels['namespace'] || '/' || labels['pod'] else entity end as about,
        ts as seen_at,
        case kind when 'node-boot' then make_timestamp((value * 1e6)::bigint) else ts end as start
    from stepped
    -- No further back than the lookback of the hour it is in, however many hours are built at once.
    where before_ts >= date_trunc('hour', ts) - interval 1 hour and ts >= $window_start and case kind
        when 'node-boot' then value > before + 60
        when 'leader-change' then value = 1 and before = 0
        when 'node-ready' then value <> before
        when 'node-cordon' then value <> before
        when 'ovn-restart' then value <> before
        else value > 0 and before = 0
    end
),

beginning as (
    select min(first_seen) as first_seen from version_change($cluster) where metric = 'node_info'
),

joined as (
    select followed.*
    from version_change($cluster) as followed
    cross join beginning
    where followed.metric = 'node_info' and followed.before is null
        and followed.first_seen > beginning.first_seen + interval 10 minutes
),

happened as (
    select kind, entity_kind, entity, node, about, seen_at, start, null::varchar as detail from changed
    union all
    select
        kind, 'cluster', $cluster, null, concat_ws('/', labels['alertname'], labels['severity'], labels['namespace']),
        seen_at, start, null
    from alert_change($cluster, $lookback_start, $window_start, $window_end)
    union all
    select 'version-change', kind_of_entity, name_of_entity, node, product, first_seen, first_seen, before || ' to ' || version
    from version_change($cluster)
    where before <> version and first_seen >= $window_start and first_seen < $window_end
    union all
    select 'node-join', entity_kind, entity, node, entity, first_seen, first_seen, null
    from joined
    where first_seen >= $window_start and first_seen < $window_end
),

final as (
    select distinct on (kind, entity_kind, entity, about, start)
        $cluster as cluster,
        date_trunc('hour', seen_at) as hour,
        kind,
        entity_kind,
        entity,
        node,
        about,
        start,
        detail,
        event_summary(kind, entity, about, detail, start) as summary
    from happened
    order by kind, entity_kind, entity, about, start, seen_at
)

select * from final
