-- raw_series: every series with its labels, when it was seen, and the thing it measures.
-- view
-- grain: one row per cluster and series
-- example: select entity_kind, entity, labels from raw_series where metric = 'node_cpu_usage' and cluster = $cluster
-- example: select metric, labels['device'] as device, node from raw_series where domain = 'net' and entity_kind = 'device' limit 20
-- example: select metric, entity, first_seen from raw_series where first_seen >= $middle order by first_seen desc limit 20
select
    label.series_id,
    label.cluster,
    label.domain,
    label.metric,
    label.labels,
    thing.node,
    thing.namespace,
    thing.pod,
    thing.entity_kind,
    thing.entity,
    label.first_seen,
    label.last_seen
from raw_series_label as label
join dim_series as thing on thing.cluster = label.cluster and thing.series_id = label.series_id
