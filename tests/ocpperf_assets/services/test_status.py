"""What `ocpperf status` says of runs and of the warehouse, without a service running."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.test_utils import create_run_for_test
from rich.console import Console

from ocpperf_assets.instance import prepare_instance
from ocpperf_assets.schedules import CLUSTER_TAG
from ocpperf_assets.services.heartbeat import last_runs, open_instance
from ocpperf_assets.services.stack import Ports, services_of
from ocpperf_assets.services.status import age, print_status, states
from ocpperf_mcp.contracts.paths import Home


def test_of_every_job_the_newest_run_is_told(tmp_path: Path) -> None:
    home = Home(tmp_path)
    with open_instance(prepare_instance(home)) as instance:
        create_run_for_test(instance, job_name="collect", status=dg.DagsterRunStatus.FAILURE)
        create_run_for_test(instance, job_name="collect", status=dg.DagsterRunStatus.SUCCESS)
        create_run_for_test(instance, job_name="__ephemeral_asset_job__", status=dg.DagsterRunStatus.FAILURE)
    told = {run.job: run.status for run in last_runs(home.dagster)}
    assert told == {"collect": "success", "collect, from the shell": "failure"}


def test_of_several_clusters_each_has_its_newest_run(tmp_path: Path) -> None:
    home = Home(tmp_path)
    with open_instance(prepare_instance(home)) as instance:
        for cluster, status in (("east", "SUCCESS"), ("west", "FAILURE")):
            ended = dg.DagsterRunStatus(status)
            create_run_for_test(instance, job_name="collect", status=ended, tags={CLUSTER_TAG: cluster})
        create_run_for_test(instance, job_name="upkeep", status=dg.DagsterRunStatus.SUCCESS)
    told = {run.job: run.status for run in last_runs(home.dagster)}
    assert told == {"collect of east": "success", "collect of west": "failure", "upkeep": "success"}


def test_an_empty_home_is_told_as_such(tmp_path: Path) -> None:
    home = Home(tmp_path)
    found = states(home, services_of(home, Ports()))
    assert [state.running for state in found] == [False] * len(found)
    console = Console(width=120, file=(tmp_path / "printed").open("w"))
    print_status(home, found, console)
    console.file.close()
    lines = (tmp_path / "printed").read_text().splitlines()
    assert [line.split("  ")[0] for line in lines[1:4]] == ["Dagster webserver", "Dagster daemon", "MCP server"]
    assert lines[4:] == [f"Nothing has been published in {home.root} yet."]


@pytest.mark.parametrize(
    ("passed", "said"),
    [
        (timedelta(minutes=5, seconds=30), "5 min"),
        (timedelta(minutes=119, seconds=30), "119 min"),
        (timedelta(hours=47, minutes=30), "47 h"),
        (timedelta(days=3, hours=1), "3 days"),
        (timedelta(seconds=-90), "0 s"),
    ],
)
def test_ages_are_told_as_precisely_as_one_cares(passed: timedelta, said: str) -> None:
    assert age(datetime.now(UTC) - passed) == said
