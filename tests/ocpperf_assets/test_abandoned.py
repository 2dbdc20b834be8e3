"""Runs whose process was killed do not count as under way for ever."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import dagster as dg
import psutil
import pytest
from dagster._core.storage.tags import GRPC_INFO_TAG
from dagster._core.test_utils import create_run_for_test

from ocpperf_assets.abandoned import PROCESS_TAG, fail_abandoned, this_process

HOST = socket.gethostname()
GONE = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True)


@pytest.mark.parametrize(
    ("tags", "left"),
    [
        pytest.param({PROCESS_TAG: this_process()}, dg.DagsterRunStatus.STARTED, id="its process lives"),
        pytest.param(
            {PROCESS_TAG: f"{int(GONE.stdout)}@1@{HOST}"}, dg.DagsterRunStatus.FAILURE, id="its process has ended"
        ),
        pytest.param(
            {PROCESS_TAG: f"{os.getpid()}@{psutil.Process().create_time() - 60}@{HOST}"},
            dg.DagsterRunStatus.FAILURE,
            id="its process id has been given to another",
        ),
        pytest.param(
            {PROCESS_TAG: f"{int(GONE.stdout)}@1@another.example.com"},
            dg.DagsterRunStatus.STARTED,
            id="it is elsewhere",
        ),
        pytest.param({}, dg.DagsterRunStatus.STARTED, id="nobody knows who executes it"),
    ],
)
def test_a_run_is_failed_when_nobody_executes_it(tags: dict[str, str], left: dg.DagsterRunStatus) -> None:
    with dg.instance_for_test() as instance:
        run = create_run_for_test(instance, status=dg.DagsterRunStatus.STARTED, tags=tags)
        assert fail_abandoned(instance) == (left == dg.DagsterRunStatus.FAILURE)
        found = instance.get_run_by_id(run.run_id)
        assert found
        assert found.status == left


def test_a_run_is_failed_when_its_code_server_is_gone(tmp_path: Path) -> None:
    server = json.dumps({"host": "localhost", "socket": str(tmp_path / "gone")})
    with dg.instance_for_test() as instance:
        run = create_run_for_test(instance, status=dg.DagsterRunStatus.STARTED, tags={GRPC_INFO_TAG: server})
        assert fail_abandoned(instance) == 0, "it may be that of another container"
        assert fail_abandoned(instance, code_servers=True) == 1
        found = instance.get_run_by_id(run.run_id)
        assert found
        assert found.status == dg.DagsterRunStatus.FAILURE
