"""The daily job: refresh runs are forgotten, rows that are old enough go, free space is given back."""

from datetime import UTC, datetime

import dagster as dg

from ocpperf_assets.ingest.write import Knowledge
from ocpperf_assets.models import Ages
from ocpperf_assets.resources import WarehouseResource
from ocpperf_assets.settings import Settings
from ocpperf_assets.upkeep import refresh_runs
from ocpperf_assets.upkeep.warehouse import keep

JOB = "upkeep"


@dg.op(
    description=f"Delete refresh runs that ended more than {refresh_runs.KEPT.days} days ago, with their event logs."
)
def forget_refresh_runs(context: dg.OpExecutionContext) -> None:
    deleted = refresh_runs.forget(context.instance, datetime.now(UTC) - refresh_runs.KEPT)
    context.log.info(f"{deleted} refresh runs deleted")


def upkeep_job(knowledge: Knowledge) -> dg.JobDefinition:
    """One step for Dagster's storage, one for the warehouse."""

    @dg.op(
        description="Remove rows older than OCPPERF_KEEP_RAW, OCPPERF_KEEP_5M and OCPPERF_KEEP_HOURLY say; rewrite the "
        "file when much of it is free.",
    )
    def keep_warehouse(context: dg.OpExecutionContext, warehouse: WarehouseResource) -> None:
        settings = Settings()
        ages = Ages(settings.keep_raw, settings.keep_5m, settings.keep_hourly)
        kept = keep(warehouse.home, knowledge, ages, context.run.run_id, on_wait=context.log.info)
        for table, rows in sorted(kept.removed.items()):
            context.log.info(f"{rows:,} rows of {table} were older than they are kept")
        if kept.rewritten:
            context.log.info(
                f"rewritten: {kept.rewritten.free_share:.0%} of {kept.rewritten.file_bytes:,} bytes was free"
            )

    @dg.job(name=JOB, description="Forget what nobody looks back at.", executor_def=dg.in_process_executor)
    def upkeep() -> None:
        forget_refresh_runs()
        keep_warehouse()

    return upkeep


def upkeep_schedule(job: dg.JobDefinition, status: dg.DefaultScheduleStatus) -> dg.ScheduleDefinition:
    """Once a day, at a quiet time."""
    return dg.ScheduleDefinition(
        name="daily_upkeep",
        job=job,
        cron_schedule="37 1 * * *",
        execution_timezone="UTC",
        default_status=status,
        description="Forgets refresh runs, removes rows that are old enough, gives free space back.",
    )
