"""Refresh runs are forgotten after some days; other runs, and those under way, are kept."""

from datetime import UTC, datetime, timedelta

import dagster as dg

from ocpperf_assets.schedules import REFRESH_TAG
from ocpperf_assets.upkeep.refresh_runs import forget

FUTURE = datetime.now(UTC) + timedelta(days=1)


@dg.job
def nothing() -> None:
    """A job whose runs can be of any kind."""


def run(instance: dg.DagsterInstance, status: dg.DagsterRunStatus, **tags: str) -> str:
    created = instance.create_run_for_job(nothing, status=status, tags=tags)
    return created.run_id


def test_only_ended_refresh_runs_older_than_the_moment_go() -> None:
    refresh = {REFRESH_TAG: "true"}
    with dg.DagsterInstance.ephemeral() as instance:
        ended = [
            run(instance, status, **refresh) for status in (dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE)
        ]
        kept = {run(instance, dg.DagsterRunStatus.STARTED, **refresh), run(instance, dg.DagsterRunStatus.SUCCESS)}
        assert forget(instance, datetime.now(UTC) - timedelta(days=1)) == 0
        assert forget(instance, FUTURE) == len(ended)
        assert {one.run_id for one in instance.get_runs()} == kept
