"""What the published warehouse knows of the cluster by its metrics, beside which a snapshot stands."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import duckdb

from ocpperf_assets.inventory.part import Row
from ocpperf_assets.inventory.parts import POD_PHASES
from ocpperf_assets.inventory.snapshot import Snapshot
from ocpperf_mcp.contracts.errors import OcpperfError

_SEEN = timedelta(days=1)
_PHASES = "select phase, pods, counted_at from pod_phase_collected($cluster, $at)"
_NODES = "select node from dim_node where cluster = $cluster and last_seen >= $since"


def known_parts(con: duckdb.DuckDBPyConnection, cluster: str, at: datetime) -> Mapping[str, Sequence[Row]]:
    """Rows of the parts that need not be asked for: pods by phase, where the metric is collected."""
    found = con.execute(_PHASES, {"cluster": cluster, "at": at.replace(tzinfo=None)}).fetchall()
    rows: list[Row] = [
        ("pod_phase", {"phase": phase, "pods": pods, "source": "metric", "counted_at": counted_at})
        for phase, pods, counted_at in found
    ]
    return {POD_PHASES: rows} if rows else {}


def known_nodes(con: duckdb.DuckDBPyConnection, cluster: str, at: datetime) -> frozenset[str]:
    """Nodes that metrics told of within the last day."""
    parameters = {"cluster": cluster, "since": at.replace(tzinfo=None) - _SEEN}
    return frozenset(node for (node,) in con.execute(_NODES, parameters).fetchall())


def refuse_other_cluster(snapshot: Snapshot, known: frozenset[str], address: str) -> None:
    """Raises OcpperfError when the API's nodes are all others than those that the metrics know."""
    nodes = {row["node"] for row in snapshot.tables.get("node", ())}
    if nodes and known and nodes.isdisjoint(known):
        raise OcpperfError(
            f"The Kubernetes API at {address} is that of another cluster: Prometheus knows none of its nodes.",
            f"Let KUBECONFIG and OCPPERF_KUBE_CONTEXT lead to the cluster that is kept as {snapshot.cluster}.",
        )
