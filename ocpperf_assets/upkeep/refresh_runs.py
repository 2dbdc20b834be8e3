"""Runs every five minutes would fill Dagster's storage: refresh runs are forgotten after some days."""

from datetime import datetime, timedelta

import dagster as dg

from ocpperf_assets.schedules import REFRESH_TAG

KEPT = timedelta(days=3)
_BATCH = 500


def forget(instance: dg.DagsterInstance, before: datetime) -> int:
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
