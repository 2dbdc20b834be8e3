"""Tools of the OVN-Kubernetes analyzer."""

from ocpperf_mcp.tools.asks import MetricAsk, VerdictAsk
from ocpperf_mcp.tools.draft import Draft
from ocpperf_mcp.tools.metric_tables import shown_metrics
from ocpperf_mcp.tools.question import Question
from ocpperf_mcp.tools.registry import Toolbox
from ocpperf_mcp.tools.verdicts import bottlenecks, deep_drive, report

OVNK = Toolbox()


@OVNK.tool("Platform pods", MetricAsk)
def query_ovnk_pod_metrics(question: Question[MetricAsk]) -> Draft:
    """CPU, memory, throttling and restarts of the platform's pods, kubelet and container runtime.

    OVN-Kubernetes by container: query_ovnk_container_metrics.
    Example: which pod uses most memory?
    """
    return shown_metrics(question)


@OVNK.tool("Multus", MetricAsk)
def query_multus_pod_metrics(question: Question[MetricAsk]) -> Draft:
    """CPU, memory, restarts of Multus, and network attachments.

    CNI calls: query_kubelet_cni_metrics.
    Example: does Multus restart?
    """
    return shown_metrics(question)


@OVNK.tool("OVN-Kubernetes containers", MetricAsk)
def query_ovnk_container_metrics(question: Question[MetricAsk]) -> Draft:
    """CPU, memory and throttling of OVN-Kubernetes, container by container.

    Whole pods: query_ovnk_pod_metrics.
    Example: is northd held back at its CPU limit?
    """
    return shown_metrics(question)


@OVNK.tool("OVN-Kubernetes in step", MetricAsk)
def query_ovnk_sync_metrics(question: Question[MetricAsk]) -> Draft:
    """Whether OVN keeps up: lag of the southbound database, northd's loop, recomputations, service sync, starts.

    What a pod waits for: query_ovnk_latency_metrics.
    Example: is a zone behind?
    """
    return shown_metrics(question)


@OVNK.tool("Open vSwitch", MetricAsk)
def query_ovnk_ovs_metrics(question: Question[MetricAsk]) -> Draft:
    """Flows, masks, lost and missed packets, interfaces, CPU and memory of Open vSwitch.

    Example: which node loses packets on the way up?
    """
    return shown_metrics(question)


@OVNK.tool("OVN-Kubernetes latencies", MetricAsk)
def query_ovnk_latency_metrics(question: Question[MetricAsk]) -> Draft:
    """How long pods wait for their network: CNI ADD and DEL, port binding, network programming, stage by stage.

    Why: query_ovnk_sync_metrics.
    Example: what is the P99 of CNI ADD?
    """
    return shown_metrics(question)


@OVNK.tool("OVN databases", MetricAsk)
def query_ovnk_database_metrics(question: Question[MetricAsk]) -> Draft:
    """Size, sessions, monitors, lost connections and CPU of the north- and southbound databases.

    Their lag: query_ovnk_sync_metrics.
    Example: how large is the southbound database?
    """
    return shown_metrics(question)


@OVNK.tool("kubelet and CNI", MetricAsk)
def query_kubelet_cni_metrics(question: Question[MetricAsk]) -> Draft:
    """kubelet, container runtime and CNI: operations, failures, durations, CPU, memory.

    Stages of a pod's network: query_ovnk_latency_metrics.
    Example: do runtime operations fail?
    """
    return shown_metrics(question)


@OVNK.tool("API server", MetricAsk)
def query_kube_api_metrics(question: Question[MetricAsk]) -> Draft:
    """API server: request latencies against objectives, errors, priority levels, webhooks, watch cache, its etcd calls.

    etcd itself is in the etcd analyzer.
    Example: which verb misses its objective?
    """
    return shown_metrics(question)


@OVNK.tool("OVN-Kubernetes deep drive", MetricAsk)
def get_ovnk_performance_deep_drive(question: Question[MetricAsk]) -> Draft:
    """What an expert looks at first in OVN-Kubernetes: each thing's level against its objective and the window before.

    Worse first, then missed objectives. For verdicts with actions take get_ovnk_bottleneck_analysis.
    Example: what got worse in OVN since the upgrade?
    """
    return deep_drive(question, "ovnk")


@OVNK.tool("OVN-Kubernetes bottlenecks", VerdictAsk)
def get_ovnk_bottleneck_analysis(question: Question[VerdictAsk]) -> Draft:
    """Which OVN-Kubernetes limits were broken: evidence, likely causes, actions, and which rules could not be judged.

    No finding and nothing left unjudged is the only "healthy". For all analyzers take get_findings.
    Example: why do pods start slowly?
    """
    return bottlenecks(question, "ovnk")


@OVNK.tool("OVN-Kubernetes report", VerdictAsk)
def generate_ovnk_performance_report(question: Question[VerdictAsk]) -> Draft:
    """A Markdown summary of OVN-Kubernetes for people: findings, objectives, alerts, events, what is missing.

    For numbers to reason with take the deep drive.
    Example: write a report on OVN-Kubernetes over the week
    """
    return report(question, "ovnk")
