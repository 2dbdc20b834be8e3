"""Levels of metrics as tables: nodes and pods by role, the layers of the network, OVN-Kubernetes, the API server.

A section names tools of the contract; its metrics are those that the catalogue gives to them, so a new metric shows up
by itself. A metric stands in the first section that shows it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from ocpperf_mcp.report.model import Section, Table
from ocpperf_mcp.report.reading import Reading, Row, shown
from ocpperf_mcp.report.sections.things import MEASURED, cells, columns_of

_LEVELS = """
select * exclude (level, highest, before, objective), {level}, {highest}, {before}, {objective}
from {measured}
where place <= $top
    -- The family that it is a quantile of says more, and stands beside it.
    and (quantile_of is null or quantile_of not in (select metric from {measured}))
order by
    list_position(['control-plane', 'infra', 'worker', 'cluster', 'unknown'], role) nulls first, role,
    title, metric, place
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


def levels(reading: Reading) -> Iterator[Section]:
    """The first `top` things of each metric and role, under the first heading that shows the metric."""
    numbers = {name: shown(name) for name in ("level", "highest", "before", "objective")}
    found = reading.rows(_LEVELS.format(measured=MEASURED, **numbers))
    for section in LEVELS:
        if reading.analyzer is not None and reading.analyzer not in section.analyzers:
            continue
        tables: list[Table] = []
        for tool, title in section.tools:
            tables += _tables(reading, section, tool, title, [row for row in found if tool in row["tools"]])
            found = [row for row in found if tool not in row["tools"]]
        if tables:
            words = f"The {reading.top} highest of each metric and role; where higher is better, the lowest."
            yield Section(key=section.key, title=section.title, text=(words,), tables=tuple(tables))


def _tables(reading: Reading, section: LevelSection, tool: str, title: str, rows: list[Row]) -> Iterator[Table]:
    key = tool.removeprefix("get_").removeprefix("query_")
    if section.by_role:
        for role, found in groupby(rows, key=lambda row: row["role"]):
            yield _table(reading, f"{key}-{role}", f"{title}: {role}", _COLUMNS, list(found))
    elif rows:
        yield _table(reading, key, title, ("role", *_COLUMNS), rows)


def _table(reading: Reading, key: str, title: str, columns: tuple[str, ...], rows: list[Row]) -> Table:
    return Table(
        key=key,
        title=title,
        columns=columns_of(columns),
        rows=tuple(cells(reading, row, columns) for row in rows),
        rows_in_all=sum({(row["metric"], row["role"]): row["of_role"] for row in rows}.values()),
    )
