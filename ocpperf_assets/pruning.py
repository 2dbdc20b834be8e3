"""Runs every five minutes would fill Dagster's storage: refresh runs are forgotten after some days."""

from datetime import UTC, datetime, timedelta

import dagster as dg

from ocpperf_assets.schedules import REFRESH_TAG

KEPT = timedelta(days=3)
_BATCH = 500


@dg.op(description=f"Delete refresh runs that ended more than {KEPT.days} days ago, with their event logs.")
def forget_refresh_runs(context: dg.OpExecutionContext) -> None:
    deleted = prune(context.instance, datetime.now(UTC) - KEPT)
    context.log.info(f"{deleted} refresh runs deleted")


def prune(instance: dg.DagsterInstance, before: datetime) -> int:
    """Delete ended refresh runs that were created before the moment; answers how many."""
    old = dg.RunsFilter(
        tags={REFRESH_TAG: "true"},
        statuses=[dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED],
        created_before=before,
    )
    deleted = 0
    while runs := instance.get_runs(old, limit=_BATCH):
        for run in runs:
            instance.delete_run(run.run_id)
        deleted += len(runs)
    return deleted


@dg.job(name="prune", description="Forget what nobody looks back at.", executor_def=dg.in_process_executor)
def prune_job() -> None:
    forget_refresh_runs()


def prune_schedule(status: dg.DefaultScheduleStatus) -> dg.ScheduleDefinition:
    """Once a day, at a quiet time."""
    return dg.ScheduleDefinition(
        name="daily_pruning",
        job=prune_job,
        cron_schedule="37 1 * * *",
        execution_timezone="UTC",
        default_status=status,
        description=f"Deletes refresh runs older than {KEPT.days} days.",
    )
