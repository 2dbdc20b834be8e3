"""Runs of the assets in this process, in the warehouse's own Dagster instance, so that its UI shows them."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import dagster as dg

from ocpperf_assets.abandoned import PROCESS_TAG, fail_abandoned, this_process
from ocpperf_assets.definitions import build_definitions
from ocpperf_assets.instance import prepare_instance
from ocpperf_assets.partitions import partition_key
from ocpperf_assets.schedules import CLUSTER_TAG
from ocpperf_assets.settings import Settings
from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.contracts.windows import HOUR, Window


def materialize(
    settings: Settings, cluster: str, selection: dg.AssetSelection, hours: Window, steps: Mapping[str, object]
) -> dg.ExecuteInProcessResult:
    """One run over whole hours of a cluster; it raises nothing. `steps`: the run configuration of ops by name."""
    definitions = build_definitions(settings)
    with _instance(settings) as instance:
        fail_abandoned(instance)
        return dg.materialize(
            [
                asset
                for asset in (*(definitions.assets or ()), *(definitions.asset_checks or ()))
                if isinstance(asset, dg.AssetsDefinition)
            ],
            selection=selection,
            instance=instance,
            resources=definitions.resources,
            run_config={"ops": dict(steps), "loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
            tags={
                PROCESS_TAG: this_process(),
                CLUSTER_TAG: cluster,
                "dagster/asset_partition_range_start": str(partition_key(cluster, hours.start)),
                "dagster/asset_partition_range_end": str(partition_key(cluster, hours.end - HOUR)),
            },
            raise_on_error=False,
        )


@contextmanager
def _instance(settings: Settings) -> Iterator[dg.DagsterInstance]:
    os.environ["DAGSTER_HOME"] = str(prepare_instance(settings.paths))
    with dg.DagsterInstance.get() as instance:
        yield instance


def failure_of(result: dg.ExecuteInProcessResult) -> str:
    """The sentence of the first step that failed, instead of its stack trace."""
    failures = [event.step_failure_data for event in result.all_events if event.is_step_failure]
    error = next((failure.error for failure in failures if failure.error), None)
    while error and error.cause:
        error = error.cause
    return error.message.strip().partition(": ")[2] if error else "the run failed before its first step"


def failed_run(text: str, run_id: str) -> OcpperfError:
    """`text`: the sentence of the first step that failed."""
    return OcpperfError(
        f"The collection failed: {text.rstrip('.')}.", f"Run {run_id} in Dagster's UI has every step's log."
    )
