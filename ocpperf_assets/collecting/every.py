"""A window of every chosen cluster, one run each: a cluster that does not answer comes last and loses no other."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from rich.console import Console

from ocpperf_assets.clusters.configured import Cluster, configured_clusters
from ocpperf_assets.collecting.one import Asked, collect_cluster
from ocpperf_assets.doctor.server import reach
from ocpperf_assets.endpoint import UNVERIFIED, endpoint
from ocpperf_assets.knowledge import load_knowledge
from ocpperf_assets.promql import PrometheusClient
from ocpperf_assets.settings import Settings
from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.contracts.windows import Window

COMPLETE, PARTLY = 0, 3
_PROBED_AT_ONCE = 8
_PATIENCE_S = 10.0


@dataclass(frozen=True)
class Collected:
    """Metrics that failed in the window, clusters of which nothing was collected, and the exit code that says so."""

    failed_metrics: int
    failed_clusters: tuple[str, ...] = ()

    @property
    def exit_code(self) -> int:
        return PARTLY if self.failed_metrics or self.failed_clusters else COMPLETE


def collect_window(
    settings: Settings,
    window: Window,
    *,
    cluster: str | None = None,
    domains: Sequence[str] = (),
    metrics: Sequence[str] = (),
    console: Console | None = None,
) -> Collected:
    """Materialize the assets for every hour the window touches, the open one included, and print a summary.

    `cluster`: one of those that are configured; all when None. Raises OcpperfError on an unknown cluster, domain or
    metric, on a window in the future, and when no cluster could be collected.
    """
    console = console or Console(stderr=True)
    chosen = configured_clusters(settings).chosen(cluster)
    asked = Asked(window, _domains(settings, domains, metrics), tuple(metrics))
    if window.start > datetime.now(UTC):
        raise OcpperfError("The window lies in the future.", "Prometheus can only be asked for what has been.")
    if settings.insecure_tls:
        console.print(f"Warning: {UNVERIFIED}", highlight=False)
    if len(chosen) == 1:
        return Collected(collect_cluster(settings, chosen[0], asked, console))
    return _collect_each(settings, _answering_first(chosen), asked, console)


def _domains(settings: Settings, domains: Sequence[str], metrics: Sequence[str]) -> tuple[str, ...]:
    catalogue = load_knowledge(settings).catalogue
    for domain in domains:
        if domain not in catalogue.domains:
            raise OcpperfError(f"There is no domain '{domain}'.", f"Domains: {', '.join(catalogue.domains)}.")
    named = {catalogue.metric(metric).domain for metric in metrics}
    return tuple(
        domain for domain in catalogue.domains if (not domains or domain in domains) and (not named or domain in named)
    )


def _collect_each(settings: Settings, clusters: Sequence[Cluster], asked: Asked, console: Console) -> Collected:
    failed: list[str] = []
    failed_metrics = 0
    for cluster in clusters:
        console.print(f"Cluster {cluster.name}", highlight=False)
        try:
            failed_metrics += collect_cluster(settings, cluster, asked, console)
        except OcpperfError as fault:
            failed.append(cluster.name)
            console.print(f"{fault.what} {fault.next_step}".strip(), highlight=False, markup=False)
    if len(failed) == len(clusters):
        raise OcpperfError(f"None of the {len(clusters)} clusters could be collected.", "The lines above say why.")
    if failed:
        console.print(f"Not collected: {', '.join(failed)}.", highlight=False)
    return Collected(failed_metrics, tuple(failed))


def _answering_first(clusters: Sequence[Cluster]) -> list[Cluster]:
    """Those whose Prometheus answers now, in their order, then the others."""
    with ThreadPoolExecutor(_PROBED_AT_ONCE) as pool:
        answers = list(pool.map(_answers, clusters))
    ordered = sorted(zip(answers, clusters, strict=True), key=lambda pair: not pair[0])
    return [cluster for _, cluster in ordered]


def _answers(cluster: Cluster) -> bool:
    """Why it does not is told by its own run."""
    try:
        where = endpoint(cluster.settings)
        client = PrometheusClient(replace(where, attempts=1, timeout_s=min(_PATIENCE_S, where.timeout_s)))
    except OcpperfError:
        return False
    try:
        reach(client)
    except OcpperfError:
        return False
    finally:
        client.close()
    return True
