"""Levels of metrics as tables: nodes and pods by role, the layers of the network, OVN-Kubernetes, the API server.

A section names tools of the contract; its metrics are those that the catalogue gives to them, so a new metric shows up
by itself. A metric stands in the first section that shows it.
"""

from dataclasses import dataclass
from itertools import groupby

from ocpperf_mcp.report.model import Section, Table
from ocpperf_mcp.report.reading import Reading, Row, shown
from ocpperf_mcp.report.sections.things import MEASURED, cells, columns_of

_LEVELS = """
select
    thing.* exclude (level, highest, before, objective), {level}, {highest}, {before}, {objective},
    count(*) over (partition by thing.role) as things
from {measured} as thing
join dim_metric using (metric)
where list_contains(dim_metric.tools, $tool) and place <= $top
    -- The family that it is a quantile of says more, and stands beside it.
    and (thing.quantile_of is null or thing.quantile_of not in (select metric from {measured}))
    and not list_has_any(dim_metric.tools, $earlier)
order by
    list_position(['control-plane', 'infra', 'worker', 'cluster', 'unknown'], thing.role) nulls first, thing.role,
    thing.title, place
"""
_COUNTS = """
select count(*) as things
from {measured} as thing
join dim_metric using (metric)
where list_contains(dim_metric.tools, $tool) and not list_has_any(dim_metric.tools, $earlier)
    and (thing.quantile_of is null or thing.quantile_of not in (select metric from {measured}))
    and ($role is null or thing.role = $role)
"""
_COLUMNS = ("metric", "thing", "statistic", "level", "highest", "before", "objective", "status")


@dataclass(frozen=True)
class LevelSection:
    """One heading, one table for each tool, or for each tool and role of node."""

    key: str
    title: str
    analyzers: tuple[str, ...]
    tools: tuple[tuple[str, str], ...]
    """Each with the title of its table."""
    by_role: bool = False


LEVELS = (
    LevelSection(
        "etcd",
        "etcd",
        ("etcd",),
        (
            ("get_etcd_cluster_status", "Members and quorum"),
            ("get_etcd_disk_wal_fsync", "WAL fsync"),
            ("get_etcd_disk_backend_commit", "Backend commit"),
            ("get_etcd_disk_compact_defrag", "Compaction and defragmentation"),
            ("get_etcd_network_io", "Network between members"),
            ("get_etcd_general_info", "Load and database"),
        ),
    ),
    LevelSection(
        "nodes",
        "Nodes by role",
        ("etcd", "network", "ovnk"),
        (("get_etcd_node_usage", "Usage"), ("get_node_health", "Health"), ("get_node_disk_io", "Disks")),
        by_role=True,
    ),
    LevelSection(
        "pods",
        "Pods by role",
        ("ovnk",),
        (
            ("query_ovnk_pod_metrics", "Platform pods"),
            ("query_multus_pod_metrics", "Multus"),
            ("query_ovnk_container_metrics", "Containers"),
        ),
        by_role=True,
    ),
    LevelSection(
        "network",
        "Network, layer by layer",
        ("network",),
        (
            ("query_network_l1_metrics", "Links"),
            ("query_network_io_metrics", "Interfaces"),
            ("query_network_socket_softnet_metrics", "Softnet"),
            ("query_network_socket_ip_metrics", "IP and ICMP"),
            ("query_network_netstat_tcp_metrics", "TCP traffic"),
            ("query_network_netstat_udp_metrics", "UDP traffic"),
            ("query_network_socket_tcp_metrics", "TCP sockets"),
            ("query_network_socket_udp_metrics", "UDP sockets"),
            ("query_network_socket_mem_metrics", "Socket memory"),
        ),
    ),
    LevelSection(
        "ovnk",
        "OVN-Kubernetes",
        ("ovnk",),
        (
            ("query_ovnk_sync_metrics", "In step"),
            ("query_ovnk_latency_metrics", "Latencies"),
            ("query_ovnk_database_metrics", "Databases"),
            ("query_ovnk_ovs_metrics", "Open vSwitch"),
            ("query_kubelet_cni_metrics", "kubelet and CNI"),
        ),
    ),
    LevelSection("api", "API server", ("etcd", "ovnk"), (("query_kube_api_metrics", ""),)),
)


def levels(reading: Reading, section: LevelSection, earlier: tuple[str, ...]) -> Section | None:
    """The first `top` things of each metric and role. `earlier`: tools whose metrics were shown already."""
    if reading.analyzer is not None and reading.analyzer not in section.analyzers:
        return None
    tables: list[Table] = []
    told = list(earlier)
    for tool, title in section.tools:
        tables += _tables(reading, section, tool, title, told)
        told.append(tool)
    if not tables:
        return None
    words = f"The {reading.top} highest of each metric and role; where higher is better, the lowest."
    return Section(key=section.key, title=section.title, text=(words,), tables=tuple(tables))


def _tables(reading: Reading, section: LevelSection, tool: str, title: str, earlier: list[str]) -> list[Table]:
    numbers = {name: shown(f"thing.{name}", "thing.unit") for name in ("level", "highest", "before", "objective")}
    rows = reading.rows(_LEVELS.format(measured=MEASURED, **numbers), tool=tool, earlier=earlier)
    if not section.by_role:
        return [_table(reading, f"{tool}", title, ("role", *_COLUMNS), rows, None, earlier)] if rows else []
    return [
        _table(reading, f"{tool} {role}", f"{title}: {role}", _COLUMNS, list(found), role, earlier)
        for role, found in groupby(rows, key=lambda row: row["role"])
    ]


def _table(
    reading: Reading,
    key: str,
    title: str,
    columns: tuple[str, ...],
    rows: list[Row],
    role: str | None,
    earlier: list[str],
) -> Table:
    tool = key.partition(" ")[0]
    (counted,) = reading.rows(_COUNTS.format(measured=MEASURED), tool=tool, role=role, earlier=earlier)
    return Table(
        key=key.removeprefix("get_").removeprefix("query_").replace(" ", "-"),
        title=title,
        columns=columns_of(columns),
        rows=tuple(cells(reading, row, columns) for row in rows),
        rows_in_all=counted["things"],
    )
