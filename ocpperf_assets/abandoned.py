"""Runs whose process was killed: they count as under way, and would keep others waiting in the queue."""

import json
import os
import socket

import dagster as dg
import psutil
from dagster._core.errors import DagsterUserCodeUnreachableError
from dagster._core.storage.dagster_run import IN_PROGRESS_RUN_STATUSES
from dagster._core.storage.tags import GRPC_INFO_TAG
from dagster._grpc.client import DagsterGrpcClient

from ocpperf_assets.services.processes import find

PROCESS_TAG = "ocpperf/process"


def this_process() -> str:
    """Value of the tag that says which process executes a run of the shell's: its id, when it was started, where."""
    return f"{os.getpid()}@{psutil.Process().create_time()}@{socket.gethostname()}"


def fail_abandoned(instance: dg.DagsterInstance, *, code_servers: bool = False) -> int:
    """Mark as failed every run under way that nobody executes any more; gives their number.

    `code_servers`: also runs whose code server does not answer. Only who knows that no code server runs elsewhere, in
    another container for instance, may ask for that.
    """
    records = instance.get_run_records(dg.RunsFilter(statuses=IN_PROGRESS_RUN_STATUSES))
    runs = [record.dagster_run for record in records]
    abandoned = [run for run in runs if _process_ended(run) or (code_servers and _server_ended(run))]
    for run in abandoned:
        instance.report_run_failed(run, "The process that executed this run was killed.")
    return len(abandoned)


def _process_ended(run: dg.DagsterRun) -> bool:
    if PROCESS_TAG not in run.tags:
        return False
    pid, started, host = run.tags[PROCESS_TAG].split("@")
    return host == socket.gethostname() and find(int(pid), float(started)) is None


def _server_ended(run: dg.DagsterRun) -> bool:
    server = run.tags.get(GRPC_INFO_TAG)
    return server is not None and not _answers(json.loads(server))


def _answers(server: dict[str, str | int]) -> bool:
    """Whether the code server answers that the run was given to."""
    port, path = server.get("port"), server.get("socket")
    client = DagsterGrpcClient(
        host=str(server.get("host") or "localhost"),
        port=int(port) if port else None,
        socket=str(path) if path else None,
    )
    try:
        client.ping("")
    except DagsterUserCodeUnreachableError:
        return False
    return True
