"""Runs whose process was killed: they count as under way, and would keep others waiting in the queue."""

import json
import os

import dagster as dg
import psutil
from dagster._core.errors import DagsterUserCodeUnreachableError
from dagster._core.storage.dagster_run import IN_PROGRESS_RUN_STATUSES
from dagster._core.storage.tags import GRPC_INFO_TAG
from dagster._grpc.client import DagsterGrpcClient

from ocpperf_assets.services.processes import find

PROCESS_TAG = "ocpperf/process"


def this_process() -> str:
    """Value of the tag that says which process executes a run of the shell's: its id, and when it was started."""
    return f"{os.getpid()}@{psutil.Process().create_time()}"


def fail_abandoned(instance: dg.DagsterInstance) -> int:
    """Mark as failed every run under way that nobody executes any more; gives their number."""
    records = instance.get_run_records(dg.RunsFilter(statuses=IN_PROGRESS_RUN_STATUSES))
    abandoned = [record.dagster_run for record in records if not _may_be_executed(record.dagster_run)]
    for run in abandoned:
        instance.report_run_failed(run, "The process that executed this run was killed.")
    return len(abandoned)


def _may_be_executed(run: dg.DagsterRun) -> bool:
    """Unknown counts as yes."""
    if process := run.tags.get(PROCESS_TAG):
        pid, _, started = process.partition("@")
        return find(int(pid), float(started)) is not None
    if server := run.tags.get(GRPC_INFO_TAG):
        return _answers(json.loads(server))
    return True


def _answers(server: dict[str, str | int]) -> bool:
    """Whether the code server answers that the run was given to."""
    port, socket = server.get("port"), server.get("socket")
    client = DagsterGrpcClient(
        host=str(server.get("host") or "localhost"),
        port=int(port) if port else None,
        socket=str(socket) if socket else None,
    )
    try:
        client.ping("")
    except DagsterUserCodeUnreachableError:
        return False
    return True
