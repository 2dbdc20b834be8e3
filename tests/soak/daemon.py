"""Plays Dagster's daemon in a process of its own, so that it can be killed; run as `python -m tests.soak.daemon`.

Every line on standard input is a simulated moment, and whether the open hour is refreshed there: what has become due by
then is evaluated and executed, one run after the other, and answered with a line of JSON. As in Dagster, a tick is
remembered before its runs are executed, a schedule that has fallen behind makes up for its last five ticks, a run key
is launched once, the sensor's cursor is kept, and runs whose process was killed are failed at the start (`ocpperf up`
does that). Unlike Dagster it retries no failed run, so all that failed is left to the sensor, and of `open_hour` it
executes only the latest tick that is due.
"""

import json
import os
import select
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import SupportsFloat, SupportsIndex, TextIO

import dagster as dg
from dagster._core.scheduler.scheduler import DEFAULT_MAX_CATCHUP_RUNS
from dagster._core.storage.tags import RUN_KEY_TAG, SCHEDULE_NAME_TAG, SENSOR_NAME_TAG
from dagster._utils.schedules import schedule_execution_time_iterator

from ocpperf_assets.abandoned import PROCESS_TAG, fail_abandoned, this_process
from ocpperf_assets.definitions import build_definitions
from ocpperf_assets.instance import prepare_instance
from ocpperf_assets.schedules import REFRESH_JOB
from ocpperf_assets.settings import Settings

SENSOR = "heal_gaps"
# Waits between attempts pass in fast motion too.
_SPEED = 20


@dataclass(frozen=True)
class Ran:
    """A run that came to its end: the schedule or sensor that asked for it, and whether it succeeded."""

    asked_by: str
    success: bool


@dataclass
class Memory:
    """What Dagster's daemon keeps in its database: the last tick of every schedule, the sensor's tick and cursor."""

    path: Path
    ticks: dict[str, float] = field(default_factory=dict)
    cursor: str | None = None

    @classmethod
    def read(cls, path: Path) -> "Memory":
        known = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        return cls(path, **known)

    def write(self) -> None:
        fresh = self.path.with_suffix(".new")
        fresh.write_text(json.dumps({"ticks": self.ticks, "cursor": self.cursor}), encoding="utf-8")
        fresh.replace(self.path)


class Daemon:
    """Evaluates the code location's schedules and its sensor, and executes what they ask for."""

    def __init__(self, instance: dg.DagsterInstance, memory: Memory) -> None:
        self._instance = instance
        self._memory = memory
        self._definitions = build_definitions(Settings())
        self._repository = self._definitions.get_repository_def()

    def tick(self, now: datetime, *, refresh: bool) -> Iterator[Ran]:
        """Everything that is due: the schedules' runs in the order of their ticks, then the sensor's."""
        for moment, schedule in self._due(now):
            if refresh or schedule.job_name != REFRESH_JOB:
                yield from self._schedule_tick(schedule, moment)
        yield from self._sensor_tick(now)

    def _due(self, now: datetime) -> list[tuple[datetime, dg.ScheduleDefinition]]:
        schedules = self._repository.schedule_defs
        due = [(moment, schedule) for schedule in schedules for moment in self._ticks(schedule, now)]
        return sorted(due, key=lambda one: one[0])

    def _ticks(self, schedule: dg.ScheduleDefinition, now: datetime) -> list[datetime]:
        since = self._memory.ticks.setdefault(schedule.name, now.timestamp())
        ticks = []
        for moment in schedule_execution_time_iterator(since + 1, schedule.cron_schedule, schedule.execution_timezone):
            if moment > now:
                break
            ticks.append(moment)
        return ticks[-(1 if schedule.job_name == REFRESH_JOB else DEFAULT_MAX_CATCHUP_RUNS) :]

    def _schedule_tick(self, schedule: dg.ScheduleDefinition, moment: datetime) -> Iterator[Ran]:
        context = dg.build_schedule_context(self._instance, moment, repository_def=self._repository)
        requests = schedule.evaluate_tick(context).run_requests or ()
        self._memory.ticks[schedule.name] = moment.timestamp()
        self._memory.write()
        for request in requests:
            tags = {SCHEDULE_NAME_TAG: schedule.name, RUN_KEY_TAG: request.run_key or f"{moment:%Y-%m-%d-%H:%M}"}
            if not self._launched(tags):
                yield Ran(schedule.name, self._execute(schedule.job_name, request, tags))

    def _sensor_tick(self, now: datetime) -> Iterator[Ran]:
        sensor = self._repository.get_sensor_def(SENSOR)
        last = self._memory.ticks.get(SENSOR, 0.0)
        if now.timestamp() < last + (sensor.minimum_interval_seconds or 0):
            return
        context = dg.build_sensor_context(
            instance=self._instance, repository_def=self._repository, cursor=self._memory.cursor
        )
        data = sensor.evaluate_tick(context)
        self._memory.ticks[SENSOR] = now.timestamp()
        self._memory.cursor = data.cursor or self._memory.cursor
        self._memory.write()
        for request in data.run_requests or ():
            yield Ran(SENSOR, self._execute(sensor.job_name, request, {SENSOR_NAME_TAG: SENSOR}))

    def _launched(self, tags: Mapping[str, str]) -> bool:
        return self._instance.get_runs_count(dg.RunsFilter(tags=dict(tags))) > 0

    def _execute(self, job: str | None, request: dg.RunRequest, tags: Mapping[str, str]) -> bool:
        assert job
        quiet = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
        done = self._definitions.resolve_job_def(job).execute_in_process(
            instance=self._instance,
            partition_key=request.partition_key,
            run_config={**request.run_config, **quiet},
            tags={**request.tags, **tags, PROCESS_TAG: this_process()},
            asset_selection=list(request.asset_selection) if request.asset_selection else None,
            raise_on_error=False,
        )
        return done.success


def _sleep(seconds: SupportsFloat | SupportsIndex) -> None:
    """libfaketime 0.9.10 refuses the absolute sleeps of `time.sleep`."""
    select.select([], [], [], float(seconds) / _SPEED)


def _serve(moments: TextIO, answers: TextIO) -> None:
    home = Settings().paths
    os.environ["DAGSTER_HOME"] = str(prepare_instance(home))
    with dg.DagsterInstance.get() as instance:
        fail_abandoned(instance)
        daemon = Daemon(instance, Memory.read(home.root / "daemon.json"))
        for line in moments:
            told = json.loads(line)
            ran = [asdict(one) for one in daemon.tick(datetime.fromisoformat(told["now"]), refresh=told["refresh"])]
            print(json.dumps(ran), file=answers, flush=True)


if __name__ == "__main__":
    time.sleep = _sleep
    answers, sys.stdout = sys.stdout, sys.stderr  # what steps print is no answer
    _serve(sys.stdin, answers)
