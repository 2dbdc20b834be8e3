"""One run of the assets over a window of one cluster, from the shell."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import dagster as dg
from rich.console import Console

from ocpperf_assets.assets.raw import raw_key
from ocpperf_assets.clusters.configured import Cluster
from ocpperf_assets.collecting.inventory import take_inventory
from ocpperf_assets.collecting.run import failed_run, failure_of, materialize
from ocpperf_assets.collecting.shown import progress, summarize
from ocpperf_assets.endpoint import endpoint
from ocpperf_assets.healing.within import within_reach
from ocpperf_assets.history import extend_history
from ocpperf_assets.knowledge import load_knowledge
from ocpperf_assets.promql import PrometheusClient, QueryError
from ocpperf_assets.schedules import OF_PROMETHEUS
from ocpperf_assets.settings import Settings
from ocpperf_mcp.contracts.windows import HOUR, Window, floor_hour

_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True)
class Asked:
    """What is collected: hours that the window touches, these domains, and these metrics alone where some are named."""

    window: Window
    domains: tuple[str, ...]
    metrics: tuple[str, ...] = ()
    is_whole: bool = True
    """Whether neither domains nor metrics were named."""


@dataclass(frozen=True)
class Outcome:
    """The metrics that failed, and whether the inventory did."""

    failed_metrics: int
    inventory_failed: bool = False


def collect_cluster(settings: Settings, cluster: Cluster, asked: Asked, console: Console) -> Outcome:
    """Materialize the assets, print a summary, and take an inventory where all of the present is asked for.

    `settings` are those of the environment, as Dagster has them. Raises OcpperfError when Prometheus has nothing of the
    window, and when the run fails.
    """
    asked = replace(asked, window=_within_reach(cluster.settings, asked.window, console))
    extend_history(settings.paths, floor_hour(asked.window.start))
    with progress(console):
        result = _materialize(settings, cluster, asked)
    if not result.success:
        raise failed_run(failure_of(result), result.run_id)
    failed = summarize(settings.paths, cluster.name, asked.window, asked.domains, console)
    wants_inventory = asked.is_whole and asked.window.end > floor_hour(datetime.now(UTC))
    return Outcome(failed, inventory_failed=wants_inventory and not take_inventory(settings, cluster, console))


def _within_reach(settings: Settings, window: Window, console: Console) -> Window:
    """The part of the window that Prometheus still has; a server that does not answer is left to the run to tell."""
    where = endpoint(settings)
    if where.via:
        console.print(f"Prometheus: {where.described}.", highlight=False)
    for text in where.warnings:
        console.print(f"Warning: {text}", highlight=False)
    client = PrometheusClient(replace(where, attempts=2))
    try:
        cut = within_reach(client, window, datetime.now(UTC))
    except QueryError:
        return window
    finally:
        client.close()
    if cut != window:
        console.print(f"Prometheus has data since {cut.start:%Y-%m-%d %H:%M} UTC; the hours before are left out.")
    return cut


def _materialize(settings: Settings, cluster: Cluster, asked: Asked) -> dg.ExecuteInProcessResult:
    left_out = [raw_key(domain) for domain in load_knowledge(settings).catalogue.domains if domain not in asked.domains]
    last = floor_hour(min(asked.window.end, datetime.now(UTC) + HOUR) - _MOMENT)
    steps = {f"raw__{domain}": {"config": {"metrics": list(asked.metrics)}} for domain in asked.domains}
    selection = OF_PROMETHEUS - dg.AssetSelection.assets(*left_out)
    return materialize(settings, cluster.name, selection, Window(floor_hour(asked.window.start), last + HOUR), steps)
