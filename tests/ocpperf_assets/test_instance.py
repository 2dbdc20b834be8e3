"""The shipped settings of the Dagster instance, as Dagster itself reads them."""

from pathlib import Path

import dagster as dg
import pytest
from dagster._core.run_coordinator import QueuedRunCoordinator

from ocpperf_assets.instance import prepare_instance
from ocpperf_assets.schedules import CLUSTER_TAG
from ocpperf_assets.services.heartbeat import open_instance
from ocpperf_mcp.contracts.paths import Home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def test_dagster_accepts_them_and_keeps_them(home: Home) -> None:
    with open_instance(prepare_instance(home)) as instance:
        assert not instance.telemetry_enabled
        assert not instance.nux_enabled
        assert instance.run_monitoring_enabled
        assert instance.run_monitoring_start_timeout_seconds > 0
        assert instance.run_retries_enabled
        assert instance.freshness_enabled
        assert isinstance(instance.run_coordinator, QueuedRunCoordinator)


def test_of_one_cluster_one_run_is_under_way_and_others_do_not_wait_for_it(home: Home) -> None:
    with open_instance(prepare_instance(home)) as instance:
        queue = instance.get_concurrency_config().run_queue_config
        assert queue
        assert queue.max_concurrent_runs > 1
        assert queue.tag_concurrency_limits == [
            {"key": key, "value": {"applyLimitPerUniqueValue": True}, "limit": 1}
            for key in (CLUSTER_TAG, "dagster/partition/cluster")
        ]


def test_settings_that_are_there_stay_as_they_are(home: Home) -> None:
    home.dagster.mkdir(parents=True)
    (home.dagster / "dagster.yaml").write_text("telemetry: {enabled: true}\n")
    with open_instance(prepare_instance(home)) as instance:
        assert isinstance(instance, dg.DagsterInstance)
        assert instance.telemetry_enabled
