"""Names of the MCP tools: a contract with the catalogue, whose metrics say which tools show them."""

from typing import Final

SHARED: Final = frozenset({"get_server_health", "get_ocp_cluster_info"})
"""Shown by every analyzer."""

OF_ANALYZER: Final = {
    "etcd": frozenset(
        {
            "get_etcd_cluster_status",
            "get_etcd_general_info",
            "get_etcd_node_usage",
            "get_etcd_disk_wal_fsync",
            "get_etcd_disk_backend_commit",
            "get_node_disk_io",
            "get_etcd_disk_compact_defrag",
            "get_etcd_network_io",
            "get_etcd_performance_deep_drive",
            "get_etcd_bottleneck_analysis",
            "generate_etcd_performance_report",
        }
    ),
    "network": frozenset(
        {
            "query_network_l1_metrics",
            "query_network_io_metrics",
            "query_network_socket_tcp_metrics",
            "query_network_socket_udp_metrics",
            "query_network_socket_ip_metrics",
            "query_network_socket_mem_metrics",
            "query_network_socket_softnet_metrics",
            "query_network_netstat_tcp_metrics",
            "query_network_netstat_udp_metrics",
            "get_network_performance_deep_drive",
            "get_network_bottleneck_analysis",
            "generate_network_performance_report",
        }
    ),
    "ovnk": frozenset(
        {
            "query_ovnk_pod_metrics",
            "query_multus_pod_metrics",
            "query_ovnk_container_metrics",
            "query_ovnk_sync_metrics",
            "query_ovnk_ovs_metrics",
            "query_ovnk_latency_metrics",
            "query_ovnk_database_metrics",
            "query_kubelet_cni_metrics",
            "query_kube_api_metrics",
            "get_ovnk_performance_deep_drive",
            "get_ovnk_bottleneck_analysis",
            "generate_ovnk_performance_report",
        }
    ),
}
"""Tools that one analyzer has."""

GENERAL: Final = frozenset({"get_alerts", "get_events", "get_coverage", "get_node_health"})
"""Tools of every analyzer that show the metrics which name them."""

OF_ANY_METRIC: Final = frozenset(
    {"list_clusters", "list_metrics", "query_metric", "compare_windows", "get_findings", "run_sql", "describe_tables"}
)
"""Tools that take a metric as a parameter, or none: every metric is theirs, and no metric names them."""

SHOWING: Final = SHARED.union(GENERAL, *OF_ANALYZER.values())
"""Every tool that a metric may name."""
