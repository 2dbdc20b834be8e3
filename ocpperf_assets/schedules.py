"""When collection happens by itself."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

import dagster as dg
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition

from ocpperf_assets.access.kubeconfig import no_inventory
from ocpperf_assets.assets.inventory import INVENTORY
from ocpperf_assets.clusters.configured import configured_clusters
from ocpperf_assets.partitions import partition_key
from ocpperf_assets.settings import Settings
from ocpperf_mcp.contracts.windows import HOUR, floor_hour

COLLECT_JOB = "collect"
REFRESH_JOB = "refresh"
INVENTORY_JOB = "inventory"
REPORTS = "reports"
"""Group of what is written from the published warehouse, when it is time or somebody asks."""
REFRESH_TAG = "ocpperf/refresh"
CLUSTER_TAG = "ocpperf/cluster"
"""Of runs with one value only one is under way: dagster.yaml says so."""
# A tick on the hour still belongs to the hour that has just ended: its last minutes are what is new.
_JUST_BEFORE = timedelta(minutes=1)
_RETRIES = {"dagster/max_retries": "2"}
OF_PROMETHEUS = dg.AssetSelection.all() - dg.AssetSelection.assets(INVENTORY) - dg.AssetSelection.groups(REPORTS)


def collect_job() -> UnresolvedAssetJobDefinition:
    """Every domain, every model, published: the whole graph for a window, but for the inventory and reports."""
    return dg.define_asset_job(
        COLLECT_JOB,
        selection=OF_PROMETHEUS,
        description="Collect every domain for the chosen hours, build the models and publish.",
        executor_def=dg.in_process_executor,
        tags=_RETRIES,
    )


def refresh_job(left_out: Sequence[dg.AssetKey]) -> UnresolvedAssetJobDefinition:
    """The graph without the domains that wait for the hour to close."""
    return dg.define_asset_job(
        REFRESH_JOB,
        selection=OF_PROMETHEUS - dg.AssetSelection.assets(*left_out),
        description="Collect what is new of the open hour in the domains that are kept fresh, and publish.",
        executor_def=dg.in_process_executor,
        tags={REFRESH_TAG: "true"},
    )


def inventory_job() -> UnresolvedAssetJobDefinition:
    """The snapshot of the Kubernetes API alone."""
    return dg.define_asset_job(
        INVENTORY_JOB,
        selection=dg.AssetSelection.assets(INVENTORY),
        description="Take a snapshot of what only the Kubernetes API knows, and publish it.",
        executor_def=dg.in_process_executor,
    )


def hourly_schedule(clusters: Sequence[str], status: dg.DefaultScheduleStatus) -> dg.ScheduleDefinition:
    """Three minutes past the hour: late scrapes have arrived, and dashboards are not asking at the same moment."""

    @dg.schedule(
        name="closed_hour",
        cron_schedule="3 * * * *",
        job_name=COLLECT_JOB,
        execution_timezone="UTC",
        default_status=status,
        description="Collects the hour that has just closed, one run a cluster.",
    )
    def closed_hour(context: dg.ScheduleEvaluationContext) -> Iterator[dg.RunRequest]:
        hour = floor_hour(context.scheduled_execution_time) - HOUR
        for cluster in clusters:
            key = partition_key(cluster, hour)
            yield dg.RunRequest(run_key=str(key), partition_key=key, tags=_tags(cluster, timedelta(minutes=50)))

    return closed_hour


def refresh_schedule(clusters: Sequence[str], status: dg.DefaultScheduleStatus) -> dg.ScheduleDefinition:
    """Every five minutes; a run that would not end before the next one is stopped."""

    @dg.schedule(
        name="open_hour",
        cron_schedule="*/5 * * * *",
        job_name=REFRESH_JOB,
        execution_timezone="UTC",
        default_status=status,
        description="Collects what is new of the open hour, one run a cluster, in the domains of OCPPERF_REFRESH.",
    )
    def open_hour(context: dg.ScheduleEvaluationContext) -> Iterator[dg.RunRequest]:
        moment = context.scheduled_execution_time
        for cluster in clusters:
            yield dg.RunRequest(
                run_key=f"{cluster}|{moment:%Y-%m-%d-%H:%M}",
                partition_key=partition_key(cluster, floor_hour(moment - _JUST_BEFORE)),
                tags=_tags(cluster, timedelta(minutes=4)),
            )

    return open_hour


def inventory_schedule(clusters: Sequence[str], status: dg.DefaultScheduleStatus) -> dg.ScheduleDefinition:
    """Eight minutes past the hour, between two refreshes and after the closed hour."""

    @dg.schedule(
        name="hourly_inventory",
        cron_schedule="8 * * * *",
        job_name=INVENTORY_JOB,
        execution_timezone="UTC",
        default_status=status,
        description="Takes a snapshot of the Kubernetes API, one run a cluster, where there is a credential for it.",
    )
    def hourly_inventory(context: dg.ScheduleEvaluationContext) -> Iterator[dg.RunRequest | dg.SkipReason]:
        hour = floor_hour(context.scheduled_execution_time)
        reasons = {one.name: no_inventory(one.settings) for one in configured_clusters(Settings()).each}
        for cluster in clusters:
            if reasons.get(cluster, "") is None:
                yield dg.RunRequest(
                    run_key=f"{INVENTORY_JOB}|{cluster}|{hour:%Y-%m-%d-%H}",
                    partition_key=partition_key(cluster, hour),
                    tags=_tags(cluster, timedelta(minutes=15)),
                )
        if None not in reasons.values():
            yield dg.SkipReason(" ".join(dict.fromkeys(filter(None, reasons.values()))))

    return hourly_inventory


def _tags(cluster: str, limit: timedelta) -> dict[str, str]:
    return {CLUSTER_TAG: cluster, "dagster/max_runtime": str(int(limit.total_seconds()))}
