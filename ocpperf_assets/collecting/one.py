"""One run of the assets over a window of one cluster, from the shell."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import dagster as dg
from rich.console import Console

from ocpperf_assets.abandoned import PROCESS_TAG, fail_abandoned, this_process
from ocpperf_assets.assets.raw import raw_key
from ocpperf_assets.clusters.configured import Cluster
from ocpperf_assets.collecting.shown import progress, summarize
from ocpperf_assets.definitions import build_definitions
from ocpperf_assets.endpoint import endpoint
from ocpperf_assets.healing.within import within_reach
from ocpperf_assets.history import extend_history
from ocpperf_assets.instance import prepare_instance
from ocpperf_assets.knowledge import load_knowledge
from ocpperf_assets.partitions import partition_key
from ocpperf_assets.promql import PrometheusClient, QueryError
from ocpperf_assets.schedules import CLUSTER_TAG
from ocpperf_assets.settings import Settings
from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.contracts.windows import HOUR, Window, floor_hour

_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True)
class Asked:
    """What is collected: hours that the window touches, these domains, and these metrics alone where some are named."""

    window: Window
    domains: tuple[str, ...]
    metrics: tuple[str, ...] = ()


def collect_cluster(settings: Settings, cluster: Cluster, asked: Asked, console: Console) -> int:
    """Materialize the assets and print a summary; answers with the number of metrics that failed.

    `settings` are those of the environment, as Dagster has them. Raises OcpperfError when Prometheus has nothing of the
    window, and when the run fails.
    """
    asked = replace(asked, window=_within_reach(cluster.settings, asked.window, console))
    extend_history(settings.paths, floor_hour(asked.window.start))
    with progress(console):
        result = _materialize(settings, cluster, asked)
    _raise_failure(result)
    return summarize(settings.paths, cluster.name, asked.window, asked.domains, console)


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
    definitions = build_definitions(settings)
    left_out = [raw_key(domain) for domain in load_knowledge(settings).catalogue.domains if domain not in asked.domains]
    first, last = floor_hour(asked.window.start), floor_hour(min(asked.window.end, datetime.now(UTC) + HOUR) - _MOMENT)
    steps = {f"raw__{domain}": {"config": {"metrics": list(asked.metrics)}} for domain in asked.domains}
    with _instance(settings) as instance:
        fail_abandoned(instance)
        return dg.materialize(
            [
                asset
                for asset in (*(definitions.assets or ()), *(definitions.asset_checks or ()))
                if isinstance(asset, dg.AssetsDefinition)
            ],
            selection=dg.AssetSelection.all() - dg.AssetSelection.assets(*left_out),
            instance=instance,
            resources=definitions.resources,
            run_config={"ops": steps, "loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
            tags={
                PROCESS_TAG: this_process(),
                CLUSTER_TAG: cluster.name,
                "dagster/asset_partition_range_start": str(partition_key(cluster.name, first)),
                "dagster/asset_partition_range_end": str(partition_key(cluster.name, last)),
            },
            raise_on_error=False,
        )


@contextmanager
def _instance(settings: Settings) -> Iterator[dg.DagsterInstance]:
    """The warehouse's own Dagster instance, so that its UI shows what the shell has run."""
    os.environ["DAGSTER_HOME"] = str(prepare_instance(settings.paths))
    with dg.DagsterInstance.get() as instance:
        yield instance


def _raise_failure(result: dg.ExecuteInProcessResult) -> None:
    """Say a failed run's own sentence instead of a stack trace."""
    if result.success:
        return
    failures = [event.step_failure_data for event in result.all_events if event.is_step_failure]
    error = next((failure.error for failure in failures if failure.error), None)
    while error and error.cause:
        error = error.cause
    text = error.message.strip().partition(": ")[2] if error else "the run failed before its first step"
    raise failed_run(text, result.run_id)


def failed_run(text: str, run_id: str) -> OcpperfError:
    """`text`: the sentence of the first step that failed."""
    return OcpperfError(
        f"The collection failed: {text.rstrip('.')}.", f"Run {run_id} in Dagster's UI has every step's log."
    )
