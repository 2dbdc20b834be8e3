"""When reports are written by themselves."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import dagster as dg
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition

from ocpperf_assets.reporting.asset import REPORT, ReportConfig
from ocpperf_assets.schedules import CLUSTER_TAG
from ocpperf_mcp.contracts.windows import floor_hour

JOB = "report"


@dataclass(frozen=True)
class _Regular:
    """A report that comes again: its name, when, and how far back it looks."""

    name: str
    cron: str
    last: str


# Past the closed hour's own run, for which a cluster's report waits, and the inventory's.
_REGULAR = (_Regular("daily", "20 0 * * *", "24h"), _Regular("weekly", "30 0 * * 1", "7d"))


def report_job(clusters: Sequence[str]) -> UnresolvedAssetJobDefinition:
    """The report alone, of one cluster a run."""
    return dg.define_asset_job(
        JOB,
        selection=dg.AssetSelection.assets(REPORT),
        partitions_def=dg.StaticPartitionsDefinition(list(clusters)),
        description="Write the report of a cluster; its window, analyzer and forms are in the run's config.",
        executor_def=dg.in_process_executor,
        tags={"dagster/max_retries": "2"},
    )


def report_schedules(clusters: Sequence[str], status: dg.DefaultScheduleStatus) -> list[dg.ScheduleDefinition]:
    """Every day about the day before, every Monday about the seven days before."""
    return [_schedule(regular, clusters, status) for regular in _REGULAR]


def _schedule(regular: _Regular, clusters: Sequence[str], status: dg.DefaultScheduleStatus) -> dg.ScheduleDefinition:
    @dg.schedule(
        name=f"{regular.name}_report",
        cron_schedule=regular.cron,
        job_name=JOB,
        execution_timezone="UTC",
        default_status=status,
        description=f"Writes each cluster's report of the last {regular.last}, one run a cluster.",
    )
    def report(context: dg.ScheduleEvaluationContext) -> Iterator[dg.RunRequest]:
        for cluster in clusters:
            yield _request(regular, cluster, floor_hour(context.scheduled_execution_time))

    return report


def _request(regular: _Regular, cluster: str, until: datetime) -> dg.RunRequest:
    config = ReportConfig(name=regular.name, last=regular.last, until=until.isoformat())
    return dg.RunRequest(
        run_key=f"{regular.name}|{cluster}|{until:%Y-%m-%d-%H}",
        partition_key=cluster,
        run_config=dg.RunConfig(ops={"report__executive_report": config}),
        tags={CLUSTER_TAG: cluster, "dagster/max_runtime": "1800"},
    )
