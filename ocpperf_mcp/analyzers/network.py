"""Tools of the network analyzer."""

from ocpperf_mcp.tools.asks import MetricAsk, VerdictAsk
from ocpperf_mcp.tools.draft import Draft
from ocpperf_mcp.tools.metric_tables import shown_metrics
from ocpperf_mcp.tools.question import Question
from ocpperf_mcp.tools.registry import Toolbox
from ocpperf_mcp.tools.verdicts import bottlenecks, deep_drive, report

NETWORK = Toolbox()


@NETWORK.tool("Links", MetricAsk)
def query_network_l1_metrics(question: Question[MetricAsk]) -> Draft:
    """Links: up, carrier, flapping, speed, MTU, bonds, ARP entries.

    Traffic and drops: query_network_io_metrics.
    Example: did a link flap last night?
    """
    return shown_metrics(question)


@NETWORK.tool("Interfaces", MetricAsk)
def query_network_io_metrics(question: Question[MetricAsk]) -> Draft:
    """Bits, packets, utilisation, drops, errors of each interface, and connection tracking.

    Drops in the kernel behind it: query_network_socket_softnet_metrics.
    Example: which interface drops packets?
    """
    return shown_metrics(question)


@NETWORK.tool("TCP sockets", MetricAsk)
def query_network_socket_tcp_metrics(question: Question[MetricAsk]) -> Draft:
    """TCP sockets in use, allocated, orphaned, in TIME_WAIT.

    Resent segments and refused connections: query_network_netstat_tcp_metrics.
    Example: which node has most TCP sockets?
    """
    return shown_metrics(question)


@NETWORK.tool("UDP sockets", MetricAsk)
def query_network_socket_udp_metrics(question: Question[MetricAsk]) -> Draft:
    """UDP and UDP-Lite sockets in use.

    Datagrams and errors: query_network_netstat_udp_metrics.
    Example: how many UDP sockets has each node?
    """
    return shown_metrics(question)


@NETWORK.tool("IP, ICMP, raw sockets", MetricAsk)
def query_network_socket_ip_metrics(question: Question[MetricAsk]) -> Draft:
    """IP bytes, ICMP messages, fragments, raw sockets, sockets of all kinds.

    Bytes by interface: query_network_io_metrics.
    Example: are there ICMP errors?
    """
    return shown_metrics(question)


@NETWORK.tool("Socket memory", MetricAsk)
def query_network_socket_mem_metrics(question: Question[MetricAsk]) -> Draft:
    """Memory of TCP and UDP sockets and of fragments.

    How many sockets there are: query_network_socket_tcp_metrics.
    Example: is TCP short of memory?
    """
    return shown_metrics(question)


@NETWORK.tool("Softnet", MetricAsk)
def query_network_socket_softnet_metrics(question: Question[MetricAsk]) -> Draft:
    """Packets per CPU, softnet drops, exhausted budget, backlog, unevenness.

    Drops of the device itself: query_network_io_metrics.
    Example: does one CPU do all the receiving?
    """
    return shown_metrics(question)


@NETWORK.tool("TCP traffic", MetricAsk)
def query_network_netstat_tcp_metrics(question: Question[MetricAsk]) -> Draft:
    """Segments, resent ones, timeouts, resets, refused connections, full listen queues, SYN cookies.

    Sockets: query_network_socket_tcp_metrics.
    Example: where are segments sent again?
    """
    return shown_metrics(question)


@NETWORK.tool("UDP traffic", MetricAsk)
def query_network_netstat_udp_metrics(question: Question[MetricAsk]) -> Draft:
    """Datagrams, lost ones, full buffers, ports nobody listens on.

    Sockets: query_network_socket_udp_metrics.
    Example: does a node lose UDP datagrams?
    """
    return shown_metrics(question)


@NETWORK.tool("network deep drive", MetricAsk)
def get_network_performance_deep_drive(question: Question[MetricAsk]) -> Draft:
    """What an expert looks at first in network: each thing's level against its objective and the window before.

    Worse first, then missed objectives. For verdicts with actions take get_network_bottleneck_analysis.
    Example: what changed on the network since an hour ago?
    """
    return deep_drive(question, "network")


@NETWORK.tool("network bottlenecks", VerdictAsk)
def get_network_bottleneck_analysis(question: Question[VerdictAsk]) -> Draft:
    """Which network limits were broken: evidence, likely causes, actions, and which rules could not be judged.

    No finding and nothing left unjudged is the only "healthy". For all analyzers take get_findings.
    Example: which link is the bottleneck?
    """
    return bottlenecks(question, "network")


@NETWORK.tool("network report", VerdictAsk)
def generate_network_performance_report(question: Question[VerdictAsk]) -> Draft:
    """A Markdown summary of network for people: findings, objectives, alerts, events, what is missing.

    For numbers to reason with take the deep drive.
    Example: write a report on the network over the test
    """
    return report(question, "network")
