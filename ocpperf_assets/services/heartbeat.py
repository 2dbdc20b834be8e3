"""The Dagster instance as seen from outside: heartbeats of its daemons, last runs of its jobs."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import dagster as dg

_TOLERATED_S = 300.0
_RUNS_READ = 200
_TITLES = {"__ephemeral_asset_job__": "collect, from the shell", "__ASSET_JOB": "chosen assets"}
"""Runs that belong to no job of ours carry these names in Dagster."""
_CLUSTER_TAG = "ocpperf/cluster"
"""As in schedules.py, which is not imported: Dagster's definitions are heavy."""


@contextmanager
def open_instance(dagster_home: Path) -> "Iterator[dg.DagsterInstance]":
    """The instance of that directory, whatever DAGSTER_HOME says."""
    import dagster as dg  # heavy, and not needed to say that nothing runs

    before = os.environ.get("DAGSTER_HOME")
    os.environ["DAGSTER_HOME"] = str(dagster_home)
    try:
        with dg.DagsterInstance.get() as instance:
            yield instance
    finally:
        if before is None:
            del os.environ["DAGSTER_HOME"]
        else:
            os.environ["DAGSTER_HOME"] = before


@dataclass(frozen=True)
class DaemonHealth:
    """A Dagster daemon works when each of its parts has given a sign of life lately, and since it was started."""

    dagster_home: Path

    def fault(self, since: float) -> str | None:
        with open_instance(self.dagster_home) as instance:
            beats = instance.get_daemon_heartbeats()
            for part in sorted(instance.get_required_daemon_types()):
                beat = beats.get(part)
                if beat is None or beat.timestamp < max(since, time.time() - _TOLERATED_S):
                    return f"no heartbeat of {part.lower()}"
                if beat.errors:
                    return f"{part.lower()}: {beat.errors[0].message.strip().splitlines()[0]}"
        return None


@dataclass(frozen=True)
class LastRun:
    """The newest run of a job."""

    job: str
    status: str
    at: datetime


def last_runs(dagster_home: Path) -> list[LastRun]:
    """The newest run of every job that is among the newest runs, newest first.

    Where there are several clusters, of each of them.
    """
    found: dict[tuple[str, str], LastRun] = {}
    with open_instance(dagster_home) as instance:
        for record in instance.get_run_records(limit=_RUNS_READ):
            run = record.dagster_run
            at = record.create_timestamp.replace(tzinfo=UTC)
            title = _TITLES.get(run.job_name, run.job_name)
            cluster = run.tags.get(_CLUSTER_TAG, "")
            found.setdefault((title, cluster), LastRun(title, run.status.value.lower(), at))
    several = len({cluster for _, cluster in found} - {""}) > 1
    return [
        replace(run, job=f"{run.job} of {cluster}") if several and cluster else run
        for (_, cluster), run in found.items()
    ]
