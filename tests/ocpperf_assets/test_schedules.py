"""What the schedules ask for when there are several clusters."""

from datetime import UTC, datetime, timedelta

import dagster as dg
import pytest

from ocpperf_assets.partitions import cluster_hours
from ocpperf_assets.schedules import CLUSTER_TAG, collect_job, hourly_schedule, refresh_job, refresh_schedule

CLUSTERS = ["lab", "prod"]
TICK = datetime(2026, 11, 24, 7, 5, tzinfo=UTC)


@dg.asset(partitions_def=cluster_hours(CLUSTERS, TICK - timedelta(days=1)))
def anything() -> None:
    pass


def requested(name: str) -> list[dg.RunRequest]:
    schedules = [make(CLUSTERS, dg.DefaultScheduleStatus.STOPPED) for make in (hourly_schedule, refresh_schedule)]
    definitions = dg.Definitions(assets=[anything], jobs=[collect_job(), refresh_job([])], schedules=schedules)
    context = dg.build_schedule_context(scheduled_execution_time=TICK, repository_def=definitions.get_repository_def())
    return list(definitions.resolve_schedule_def(name).evaluate_tick(context).run_requests or ())


@pytest.mark.parametrize(("name", "hour", "limit_s"), [("closed_hour", "06", "3000"), ("open_hour", "07", "240")])
def test_every_cluster_has_a_run_of_its_own_with_a_time_limit(name: str, hour: str, limit_s: str) -> None:
    requests = requested(name)
    assert [request.partition_key for request in requests] == [f"{one}|2026-11-24-{hour}:00" for one in CLUSTERS]
    assert len({request.run_key for request in requests}) == len(CLUSTERS)
    assert {request.tags["dagster/max_runtime"] for request in requests} == {limit_s}
    assert [request.tags[CLUSTER_TAG] for request in requests] == CLUSTERS
