"""The cluster's nodes, and what was collected of it, domain by domain."""

from ocpperf_mcp.report.model import Column, Section, Table, Value
from ocpperf_mcp.report.reading import Reading, Row, moment, number, text

_SHOWN = 40
_NODES = """
select
    node, role, kubelet_version, os_image,
    -- What was before the window, or came after it, is none of the report's.
    greatest(first_seen, $t0::timestamp) as first_seen,
    least(last_seen, $t1::timestamp) as last_seen,
    count(*) over () as in_all
from dim_node
where cluster = $cluster and first_seen < $t1::timestamp and last_seen >= $t0::timestamp
order by list_position(['control-plane', 'infra', 'worker'], role) nulls last, role, node
limit {limit}
"""
_DOMAINS = """
select
    domain,
    count(distinct metric) as metrics,
    count(distinct metric) filter (status = 'empty') as empty,
    count(distinct metric) filter (status = 'error') as failed,
    sum(samples) as samples,
    min(hour) as first_hour,
    max(collected_until) as collected_until
from raw_extraction
where cluster = $cluster and hour >= $t0::timestamp and hour < $t1::timestamp
group by domain
order by domain
"""
_NODE_COLUMNS = (
    Column(key="node", title="Node"),
    Column(key="role", title="Role"),
    Column(key="kubelet", title="Kubelet"),
    Column(key="os", title="OS image"),
    Column(key="first", title="Seen from", kind="moment"),
    Column(key="last", title="Seen until", kind="moment"),
)
_DOMAIN_COLUMNS = (
    Column(key="domain", title="Domain"),
    Column(key="metrics", title="Metrics", kind="number"),
    Column(key="empty", title="Empty in some hour", kind="number"),
    Column(key="failed", title="Failed in some hour", kind="number"),
    Column(key="samples", title="Samples", kind="number"),
    Column(key="first", title="First hour", kind="moment"),
    Column(key="until", title="Collected until", kind="moment"),
)


def cluster(reading: Reading) -> Section | None:
    """Nodes first."""
    nodes, domains = reading.rows(_NODES.format(limit=_SHOWN)), reading.rows(_DOMAINS)
    tables = [
        Table(
            key="nodes",
            title="Nodes",
            columns=_NODE_COLUMNS,
            rows=tuple(
                (
                    text(row["node"]),
                    text(row["role"] or "not known"),
                    text(row["kubelet_version"] or "not known"),
                    text(row["os_image"] or "not known"),
                    moment(row["first_seen"]),
                    moment(row["last_seen"]),
                )
                for row in nodes
            ),
            rows_in_all=nodes[0]["in_all"] if nodes else 0,
        ),
        Table(
            key="domains",
            title="What was collected",
            columns=_DOMAIN_COLUMNS,
            rows=tuple(map(_domain, domains)),
            rows_in_all=len(domains),
        ),
    ]
    told = tuple(table for table in tables if table.rows)
    return Section(key="cluster", title="Nodes and collection", tables=told) if told else None


def _domain(row: Row) -> tuple[Value, ...]:
    return (
        text(row["domain"]),
        number(row["metrics"]),
        number(row["empty"]),
        number(row["failed"]),
        number(row["samples"], words=None if row["samples"] is None else f"{row['samples']:,.0f}"),
        moment(row["first_hour"]),
        moment(row["collected_until"]),
    )
