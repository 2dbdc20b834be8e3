"""Tools of the etcd analyzer."""

from ocpperf_mcp.tools.asks import MetricAsk, VerdictAsk
from ocpperf_mcp.tools.draft import Draft, draft_of
from ocpperf_mcp.tools.etcd_status_tables import add_etcd_status
from ocpperf_mcp.tools.metric_tables import add_metrics, shown_metrics
from ocpperf_mcp.tools.peer_table import add_peers
from ocpperf_mcp.tools.question import Question, place_of
from ocpperf_mcp.tools.registry import Toolbox
from ocpperf_mcp.tools.verdicts import bottlenecks, deep_drive, report

ETCD = Toolbox()


@ETCD.tool("etcd cluster status", MetricAsk)
def get_etcd_cluster_status(question: Question[MetricAsk]) -> Draft:
    """State, leader, members, versions, sizes, leader changes: each with its source (metric, operator or etcdctl).

    Sources that disagree are all shown. For load take get_etcd_general_info.
    Example: is every member well, and who leads?
    """
    place = place_of(question)
    draft = draft_of(place)
    add_etcd_status(draft, question, place)
    add_metrics(draft, question, place)
    return draft


@ETCD.tool("etcd load and database", MetricAsk)
def get_etcd_general_info(question: Question[MetricAsk]) -> Draft:
    """Database size, quota and when it is full, keys, proposals, applies, slow requests, watchers.

    For disks take get_etcd_disk_wal_fsync and get_etcd_disk_backend_commit.
    Example: how full is the etcd database?
    """
    return shown_metrics(question)


@ETCD.tool("Control-plane node usage", MetricAsk)
def get_etcd_node_usage(question: Question[MetricAsk]) -> Draft:
    """CPU, memory, pressure stalls and swap of nodes; role narrows it to those of etcd.

    For conditions and kubelet take get_node_health.
    Example: is a control-plane node short of CPU?
    """
    return shown_metrics(question)


@ETCD.tool("etcd WAL fsync", MetricAsk)
def get_etcd_disk_wal_fsync(question: Question[MetricAsk]) -> Draft:
    """How long etcd waited for its write-ahead log: quantiles, share over the objective, rates, bytes.

    A slow one means a slow or shared disk: see get_node_disk_io.
    Example: which member had the slowest fsync yesterday?
    """
    return shown_metrics(question)


@ETCD.tool("etcd backend commit", MetricAsk)
def get_etcd_disk_backend_commit(question: Question[MetricAsk]) -> Draft:
    """How long commits to etcd's database took: quantiles, share over the objective, and how many.

    The log before it is get_etcd_disk_wal_fsync.
    Example: were backend commits slow during the upgrade?
    """
    return shown_metrics(question)


@ETCD.tool("Node disk I/O", MetricAsk)
def get_node_disk_io(question: Question[MetricAsk]) -> Draft:
    """Throughput, operations, latency, queue and busy share of the nodes' disks, and what etcd's pods do to them.

    What etcd feels of it: get_etcd_disk_wal_fsync.
    Example: which disk is busiest?
    """
    return shown_metrics(question)


@ETCD.tool("etcd compaction and defragmentation", MetricAsk)
def get_etcd_disk_compact_defrag(question: Question[MetricAsk]) -> Draft:
    """Compaction, defragmentation, fragmentation and snapshots of etcd's database.

    Its size and quota: get_etcd_general_info.
    Example: how much space would a defragmentation give back?
    """
    return shown_metrics(question)


@ETCD.tool("etcd network", MetricAsk)
def get_etcd_network_io(question: Question[MetricAsk]) -> Draft:
    """Round trips between each two members, traffic of peers and clients, gRPC errors, watch streams.

    Links under it are in the network analyzer.
    Example: which member has the longest round trip?
    """
    place = place_of(question)
    draft = draft_of(place)
    add_peers(draft, question, place)
    add_metrics(draft, question, place)
    return draft


@ETCD.tool("etcd deep drive", MetricAsk)
def get_etcd_performance_deep_drive(question: Question[MetricAsk]) -> Draft:
    """What an expert looks at first in etcd: each thing's level against its objective and the window before.

    Worse first, then missed objectives. For verdicts with actions take get_etcd_bottleneck_analysis.
    Example: what changed in etcd in the last hour?
    """
    return deep_drive(question, "etcd")


@ETCD.tool("etcd bottlenecks", VerdictAsk)
def get_etcd_bottleneck_analysis(question: Question[VerdictAsk]) -> Draft:
    """Which etcd limits were broken: evidence, likely causes, actions, and which rules could not be judged.

    No finding and nothing left unjudged is the only "healthy". For all analyzers take get_findings.
    Example: is etcd healthy, and what do I do about it?
    """
    return bottlenecks(question, "etcd")


@ETCD.tool("etcd report", VerdictAsk)
def generate_etcd_performance_report(question: Question[VerdictAsk]) -> Draft:
    """A Markdown summary of etcd for people: findings, objectives, alerts, events, what is missing.

    For numbers to reason with take the deep drive.
    Example: write a report on etcd over last night
    """
    return report(question, "etcd")
