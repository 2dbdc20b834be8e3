"""A snapshot of the settings' cluster, beside what the warehouse already knows of it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from ocpperf_assets.access.connect import kubernetes_api
from ocpperf_assets.inventory.collected import known_nodes, known_parts, refuse_other_cluster
from ocpperf_assets.inventory.etcdctl import ETCDCTL
from ocpperf_assets.inventory.part import Row
from ocpperf_assets.inventory.parts import PARTS
from ocpperf_assets.inventory.snapshot import Snapshot, take_snapshot
from ocpperf_assets.settings import Settings
from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.warehouse import open_published


def take(settings: Settings, home: Home, now: datetime) -> Snapshot:
    """Raises OcpperfError without a credential, when the API does not answer, and when it is another cluster's."""
    api = kubernetes_api(settings)
    if api is None:
        raise OcpperfError("There is no credential for the Kubernetes API.", "Set KUBECONFIG, or OCPPERF_KUBERNETES=0.")
    known: Mapping[str, Sequence[Row]] = {}
    nodes = frozenset[str]()
    if home.link.exists():
        with open_published(home) as con:
            known, nodes = known_parts(con, settings.cluster, now), known_nodes(con, settings.cluster, now)
    off = {} if settings.etcd_exec else {ETCDCTL.name: "OCPPERF_ETCD_EXEC does not turn it on."}
    parts = (*PARTS, ETCDCTL)
    snapshot = take_snapshot(api, cluster=settings.cluster, taken_at=now, known=known, parts=parts, off=off)
    refuse_other_cluster(snapshot, nodes, api.address)
    return snapshot
