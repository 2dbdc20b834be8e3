"""What the schedules ask for when there are several clusters."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest
import yaml
from dagster._core.definitions.schedule_definition import ScheduleExecutionData

from ocpperf_assets.partitions import cluster_hours
from ocpperf_assets.schedules import (
    CLUSTER_TAG,
    collect_job,
    hourly_schedule,
    inventory_job,
    inventory_schedule,
    refresh_job,
    refresh_schedule,
)

CLUSTERS = ["lab", "prod"]
TICK = datetime(2026, 11, 24, 7, 5, tzinfo=UTC)


SCHEDULES = (hourly_schedule, refresh_schedule, inventory_schedule)


@dg.asset(partitions_def=cluster_hours(CLUSTERS, TICK - timedelta(days=1)))
def anything() -> None:
    pass


@dg.asset(key=["raw", "inventory"], partitions_def=cluster_hours(CLUSTERS, TICK - timedelta(days=1)))
def inventory() -> None:
    pass


def told(name: str) -> ScheduleExecutionData:
    definitions = dg.Definitions(
        assets=[anything, inventory],
        jobs=[collect_job(), refresh_job([]), inventory_job()],
        schedules=[make(CLUSTERS, dg.DefaultScheduleStatus.STOPPED) for make in SCHEDULES],
    )
    context = dg.build_schedule_context(scheduled_execution_time=TICK, repository_def=definitions.get_repository_def())
    return definitions.resolve_schedule_def(name).evaluate_tick(context)


@pytest.fixture
def kubeconfigs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where each of the clusters has a kubeconfig of its name; nobody reads what is in it."""
    entries = [{"name": one, "kubeconfig": str(tmp_path / one)} for one in CLUSTERS]
    (tmp_path / "clusters.yaml").write_text(yaml.safe_dump({"clusters": entries}), encoding="utf-8")
    for one in CLUSTERS:
        (tmp_path / one).touch()
    monkeypatch.setenv("OCPPERF_CLUSTERS", str(tmp_path / "clusters.yaml"))
    return tmp_path


@pytest.mark.usefixtures("kubeconfigs")
@pytest.mark.parametrize(
    ("name", "hour", "limit_s"),
    [("closed_hour", "06", "3000"), ("open_hour", "07", "240"), ("hourly_inventory", "07", "900")],
)
def test_every_cluster_has_a_run_of_its_own_with_a_time_limit(name: str, hour: str, limit_s: str) -> None:
    requests = list(told(name).run_requests or ())
    assert [request.partition_key for request in requests] == [f"{one}|2026-11-24-{hour}:00" for one in CLUSTERS]
    assert len({request.run_key for request in requests}) == len(CLUSTERS)
    assert {request.tags["dagster/max_runtime"] for request in requests} == {limit_s}
    assert [request.tags[CLUSTER_TAG] for request in requests] == CLUSTERS


def test_without_a_credential_no_inventory_is_asked_for(kubeconfigs: Path) -> None:
    (kubeconfigs / "lab").unlink()
    assert [request.partition_key for request in told("hourly_inventory").run_requests or ()] == [
        "prod|2026-11-24-07:00"
    ]
    (kubeconfigs / "prod").unlink()
    skipped = told("hourly_inventory")
    assert skipped.run_requests == []
    assert skipped.skip_message == "KUBECONFIG names no file that exists."
