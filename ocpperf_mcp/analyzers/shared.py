"""Tools of every analyzer that show the metrics which name them."""

from ocpperf_mcp.tools.asks import MetricAsk
from ocpperf_mcp.tools.draft import Draft, draft_of
from ocpperf_mcp.tools.inventory_tables import add_inventory
from ocpperf_mcp.tools.metric_tables import add_metrics, shown_metrics
from ocpperf_mcp.tools.question import Question, place_of
from ocpperf_mcp.tools.registry import Toolbox

SHARED = Toolbox()

_COLLECTION = """
select
    max(extracted_at) as last_collected_at,
    count(*) filter (status = 'error') as failed,
    count(*) filter (status in ('partial', 'truncated')) as incomplete,
    count(*) filter (status = 'empty') as empty,
    count(*) filter (status = 'ok') as ok
from raw_extraction
where cluster = $cluster and hour >= time_bucket(interval 1 hour, $t0::timestamp) and hour < $t1::timestamp
"""
_FACT_COLUMNS = ("field", "value", "source", "told_at")
_FACTS = "from rpt_cluster_fact($cluster, $t0::timestamp, $t1::timestamp)"
_NODES = """
select
    node, role, roles, kubelet_version, kernel_version, os_image, last_seen < $t1::timestamp - interval 1 hour as gone
from dim_node
where cluster = $cluster and first_seen < $t1::timestamp and last_seen >= $t0::timestamp
order by role, node
"""


@SHARED.tool("Health of monitoring and control plane", MetricAsk)
def get_server_health(question: Question[MetricAsk]) -> Draft:
    """Whether answers can be trusted: age of the data, failed collections, targets that are down, rules, API server.

    Hour by hour: get_coverage.
    Example: is the data current, and is monitoring itself well?
    """
    place = place_of(question)
    draft = draft_of(place)
    rows = question.rows(_COLLECTION, **place.parameters)
    draft.add("collection", ("last_collected_at", "ok", "empty", "incomplete", "failed"), rows)
    add_metrics(draft, question, place)
    return draft


@SHARED.tool("Cluster", MetricAsk)
def get_ocp_cluster_info(question: Question[MetricAsk]) -> Draft:
    """Versions, platform, nodes by role and readiness, operators and pools that are not well, counts of objects.

    Example: how large is the cluster, and which version runs?
    """
    place = place_of(question)
    draft = draft_of(place)
    draft.add("facts", _FACT_COLUMNS, question.rows(_FACTS, **place.parameters))
    add_inventory(draft, question, place)
    rows = question.rows(_NODES, **place.parameters)
    draft.add("nodes", ("node", "role", "roles", "kubelet_version", "kernel_version", "os_image", "gone"), rows)
    # What states tell is in the tables above.
    add_metrics(draft, question, place, kinds=("gauge",))
    return draft


@SHARED.tool("Node health", MetricAsk)
def get_node_health(question: Question[MetricAsk]) -> Draft:
    """Node conditions, kubelet (PLEG, pod starts, runtime errors), evictions, file systems, clock.

    For CPU and memory of nodes take get_etcd_node_usage.
    Example: does a kubelet fall behind?
    """
    return shown_metrics(question)
