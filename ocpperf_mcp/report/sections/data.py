"""What a report rests on: which clusters, how much of the window was collected."""

from ocpperf_mcp.extent import aware
from ocpperf_mcp.report.model import ClusterFacts, Data
from ocpperf_mcp.report.reading import Reading

_VERSION = """
select coalesce(arg_max(version, first_seen), '') as version
from version_change($cluster)
where product = 'the cluster' and first_seen < $t1::timestamp
"""
_NODES = """
select coalesce(role, 'unknown') as role, count(*) as nodes
from dim_node
where cluster = $cluster and first_seen < $t1::timestamp and last_seen >= $t0::timestamp
group by all
order by role
"""
_DATA = """
with

hours as (
    select
        count(distinct hour) filter (status <> 'error' and not provisional) as hours_collected,
        avg(coverage) as coverage
    from fct_coverage_hourly
    where cluster = $cluster and hour >= $t0::timestamp and hour < $t1::timestamp
),

metrics as (
    select
        count(*) as metrics,
        count(*) filter (status in ('ok', 'partial', 'truncated')) as metrics_answered,
        count(*) filter (status = 'empty') as metrics_empty,
        count(*) filter (status = 'error' or status is null) as metrics_failed
    from rpt_collected($cluster, $t0::timestamp, $t1::timestamp)
),

held as (
    select max(least(coalesce(collected_until, hour + interval 1 hour), hour + interval 1 hour)) as as_of
    from raw_extraction
    where cluster = $cluster and status <> 'error'
),

published as (
    select max(published_at) as published_at from raw_publication
),

catalogue as (
    select md5(concat(
        (select string_agg(metric || ' ' || expr_hash, ',' order by metric) from metric_of($cluster)),
        (select string_agg(rule || ' ' || levels::varchar || duration_s::varchar, ',' order by rule) from dim_rule)
    ))[:12] as catalogue
)

select
    ((epoch($t1::timestamp) - epoch($t0::timestamp)) / 3600)::bigint as hours, *
from hours, metrics, held, published, catalogue
"""


def facts(reading: Reading) -> ClusterFacts:
    """Version and nodes of the cluster in the window; empty where they are not known."""
    (version,) = reading.rows(_VERSION)
    nodes = {row["role"]: row["nodes"] for row in reading.rows(_NODES)}
    return ClusterFacts(cluster=reading.cluster, version=version["version"], nodes=nodes)


def data(reading: Reading) -> Data:
    """Coverage of the window, and which publication and catalogue it was read from."""
    (row,) = reading.rows(_DATA)
    for name in ("as_of", "published_at"):
        row[name] = row[name] and aware(row[name])
    return Data(cluster=reading.cluster, **row)
