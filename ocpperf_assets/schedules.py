"""When collection happens by itself."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

import dagster as dg
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition

from ocpperf_assets.partitions import partition_key
from ocpperf_mcp.contracts.windows import HOUR, floor_hour

COLLECT_JOB = "collect"


def collect_job() -> UnresolvedAssetJobDefinition:
    """Every domain, every model, published: the whole graph for a window."""
    return dg.define_asset_job(
        COLLECT_JOB,
        selection=dg.AssetSelection.all(),
        description="Collect every domain for the chosen hours, build the models and publish.",
        executor_def=dg.in_process_executor,
    )


def hourly_schedule(clusters: Sequence[str]) -> dg.ScheduleDefinition:
    """Three minutes past the hour: late scrapes have arrived, and dashboards are not asking at the same moment."""

    @dg.schedule(
        name="closed_hour",
        cron_schedule="3 * * * *",
        job_name=COLLECT_JOB,
        execution_timezone="UTC",
        description="Collects the hour that has just closed, one run a cluster.",
    )
    def closed_hour(context: dg.ScheduleEvaluationContext) -> Iterator[dg.RunRequest]:
        hour = floor_hour(context.scheduled_execution_time) - HOUR
        for cluster in clusters:
            key = partition_key(cluster, hour)
            yield dg.RunRequest(
                run_key=str(key),
                partition_key=key,
                tags={"dagster/max_runtime": str(int(timedelta(minutes=50).total_seconds()))},
            )

    return closed_hour
