"""A day of schedules in fast motion, with kills of the daemon and of Prometheus, ends as an undisturbed backfill does.

Run by `make soak`; `pytest` alone leaves it out, as it takes a quarter of an hour. The cluster is the demo's faulty
one, Prometheus, Dagster's instance, schedules, sensor, runs and kills are real, and only the daemon's clock is
simulated. Played are every tick of `closed_hour`, `heal_gaps` and `daily_upkeep`, and one of the twelve refreshes of an
hour; all twelve while Prometheus is away.
"""

import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.storage.dagster_run import IN_PROGRESS_RUN_STATUSES

from demo.cluster import simulate
from ocpperf_assets.services.heartbeat import open_instance
from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.contracts.windows import HOUR, Window, floor_hour
from ocpperf_mcp.warehouse import open_published
from tests.conftest import OCPPERF
from tests.soak.child import environment_of
from tests.soak.compare import differences
from tests.soak.day import Day, disturbed_day
from tests.soak.world import MortalPrometheus, Seen, World, world_of

pytestmark = pytest.mark.timeout(5400)

SEED = int(os.environ.get("SOAK_SEED", "7"))
# Prometheus has as many hours after the disturbed day; by their end everything is healed.
CALM = 6 * HOUR


@dataclass(frozen=True)
class Soaked:
    """What the day left: the warehouse that lived through it, and the one that was filled at once."""

    home: Home
    backfilled: Home
    seen: Seen


@pytest.fixture(scope="module")
def soaked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Soaked]:
    root = tmp_path_factory.mktemp("soak")
    day = disturbed_day(simulated_cluster(root / "prometheus"), SEED)
    with MortalPrometheus(root / "prometheus") as prometheus:
        with world_of(root, day, prometheus, SEED) as world:
            end = live_through(day, world)
            collect_again_the_day_after(world, end)
        backfilled = Home(root / "backfilled")
        collect(environment_of(backfilled.root, prometheus.url, {}), Window(day.window.start, end))
        yield Soaked(world.home, backfilled, world.seen)


def simulated_cluster(data: Path) -> datetime:
    """The demo's history, every planted fault in it, over the day and the calm after it; answers when it begins."""
    length, end = 24 * HOUR + CALM, floor_hour(datetime.now(UTC))
    simulate(data, end, hours=length // HOUR)
    return end - length


def live_through(day: Day, world: World) -> datetime:
    """The disturbed day, and calm hours until nothing is missing; answers up to when the warehouse is complete."""
    for moment, refresh in day.moments(day.window.end + CALM + timedelta(minutes=3)):
        world.step(moment, refresh=refresh)
        if moment.minute == 0:
            print(f"{moment:%d %H:%M} {world.seen}", flush=True)
        hour = moment - timedelta(minutes=3)
        if moment.minute == 3 and hour > day.window.end and not missing(world.home, day, moment):
            world.end()
            return hour
    left = missing(world.home, day, moment)
    raise AssertionError(f"after {CALM // HOUR} calm hours still missing: {left}; {world.seen}")


def missing(home: Home, day: Day, now: datetime) -> list[tuple[object, ...]]:
    """Closed hours that are to be had and are not there: how many metrics of each, and why."""
    parameters = {"start": day.window.start.replace(tzinfo=None), "now": now.replace(tzinfo=None)}
    with open_published(home) as con:
        return con.execute(
            "select hour, reason, count(*), max(attempts) from gap('demo', $start::timestamp, $now::timestamp) "
            "where state = 'recoverable' group by all order by all",
            parameters,
        ).fetchall()


def collect_again_the_day_after(world: World, end: datetime) -> None:
    """A run of the shell's as any later one: it clears away what killed runs have left, and changes nothing."""
    world.clock.set(end + 25 * HOUR)
    collect(world.environment(), Window(end - HOUR, end))


def collect(environment: dict[str, str], window: Window) -> None:
    span = ["--from", window.start.isoformat(), "--to", window.end.isoformat()]
    done = subprocess.run(
        [OCPPERF, "collect", *span], env=environment, capture_output=True, text=True, timeout=1200, check=False
    )
    assert done.returncode == 0, done.stderr


def test_the_warehouse_is_that_of_an_undisturbed_backfill(soaked: Soaked) -> None:
    found = list(differences(soaked.home, soaked.backfilled))
    assert not found, "\n".join(found)


def test_daemon_and_prometheus_were_killed_at_work(soaked: Soaked) -> None:
    seen = soaked.seen
    assert min(seen.kills[kind] for kind in ("fetching", "writing", "between")) >= 4, seen
    assert seen.prometheus_kills.total() == 2, seen


def test_runs_failed_while_prometheus_was_away(soaked: Soaked) -> None:
    assert soaked.seen.failed_while_out >= 20, soaked.seen


def test_the_sensor_healed_and_every_schedule_ran(soaked: Soaked) -> None:
    succeeded = {name for (name, success), count in soaked.seen.runs.items() if success and count}
    assert succeeded == {"closed_hour", "open_hour", "daily_upkeep", "heal_gaps"}, soaked.seen


def test_readers_could_open_the_warehouse_at_every_moment(soaked: Soaked) -> None:
    assert soaked.seen.unread == []
    assert soaked.seen.reads > 100, soaked.seen


def test_no_run_counts_as_under_way(soaked: Soaked) -> None:
    with open_instance(soaked.home.dagster) as instance:
        left = instance.get_runs(dg.RunsFilter(statuses=IN_PROGRESS_RUN_STATUSES))
    assert [(run.job_name, run.status, run.tags) for run in left] == []


def test_nothing_is_left_in_staging(soaked: Soaked) -> None:
    assert list(soaked.home.staging.iterdir()) == []
