"""The world around the daemon: what time it is, whether Prometheus answers, and who kills whom when."""

import random
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from demo.prometheus import LocalPrometheus
from ocpperf_assets.catalogue.locate import dagster_file
from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.warehouse import open_published
from tests.soak.child import Child, environment_of
from tests.soak.clock import Clock, stamp
from tests.soak.daemon import Ran
from tests.soak.day import Day, Kill

# What a run prints is kept by two more processes a step, which the simulated clock ends.
_NO_OUTPUT_KEPT = """
compute_logs:
  module: dagster._core.storage.noop_compute_log_manager
  class: NoOpComputeLogManager
"""
_SIGNS = {"fetching": "staging/*/*/samples-*.parquet", "writing": "slots/*.writing"}
_POLL_S = 0.005
_LONGEST_DELAY_S = 0.5


class MortalPrometheus(LocalPrometheus):
    """A Prometheus that can be killed; entered again it answers at the same address over the same data."""

    def __enter__(self) -> "MortalPrometheus":
        super().__enter__()
        return self

    def kill(self) -> None:
        assert self._process
        self._process.kill()
        self.stop()


@dataclass
class Seen:
    """What really happened."""

    runs: Counter[tuple[str, bool]] = field(default_factory=Counter)
    """Runs that came to an end, by who asked for them and whether they succeeded."""
    failed_while_out: int = 0
    kills: Counter[Kill] = field(default_factory=Counter)
    prometheus_kills: Counter[Kill] = field(default_factory=Counter)
    reads: int = 0
    unread: list[str] = field(default_factory=list)
    """Times at which a reader could not open the warehouse, and why."""


class World:
    """Steps the clock through a day and does to the daemon and Prometheus what the day says."""

    def __init__(self, root: Path, day: Day, prometheus: MortalPrometheus, seed: int) -> None:
        self.home = Home(root / "home")
        self.seen = Seen()
        self.clock = Clock(root / "clock")
        self._day = day
        self._prometheus = prometheus
        self._is_out = False
        self._choose = random.Random(seed)
        self._waiting = list(day.kills)
        self._log = root / "daemon.log"
        _furnish(self.home, day.window.start)
        self.clock.set(day.window.start)
        self._child: Child | None = None

    def environment(self) -> dict[str, str]:
        return environment_of(self.home.root, self._prometheus.url, self.clock.environment())

    def step(self, moment: datetime, *, refresh: bool) -> None:
        """One moment: the world changes, the daemon does what is due or is killed at it, a reader looks."""
        self.clock.set(moment)
        self._bring_back(moment)
        if self._day.is_absent(moment):
            self._leave(moment)
        else:
            self._live(moment, refresh=refresh)
        self._read(moment)

    def end(self) -> None:
        if self._child:
            self._child.end()
        self._child = None

    def close(self) -> None:
        if self._child:
            self._child.kill()

    def _bring_back(self, moment: datetime) -> None:
        if self._is_out and not self._day.is_out(moment):
            self._prometheus.__enter__()
            self._is_out = False

    def _leave(self, moment: datetime) -> None:
        """The daemon is away as if its machine were: it ends without warning."""
        if self._child:
            self._kill("between", moment)

    def _live(self, moment: datetime, *, refresh: bool) -> None:
        wanted = self._due_kill(moment)
        if wanted == "between" and self._child:
            self._kill("between", moment)
        child = self._child = self._child or Child(self.environment(), self._log)
        before = {kind: _traces(self.home, kind) for kind in _SIGNS}
        child.tell(moment, refresh=refresh)
        if wanted in _SIGNS and self._sees(wanted, before, child):
            self._kill_at_work(moment, before)
        elif self._day.is_out(moment) and not self._is_out and self._sees("fetching", before, child):
            self._prometheus.kill()
            self._is_out = True
            self.seen.prometheus_kills["fetching"] += 1
        if self._child:
            self._count(child.answer())

    def _due_kill(self, moment: datetime) -> Kill | None:
        """The kind that has waited longest; one that finds nothing to kill waits on."""
        due = self._waiting and self._waiting[0][0] <= moment and not self._day.is_out(moment)
        return self._waiting[0][1] if due else None

    def _sees(self, kind: Kill, before: dict[str, set[tuple[str, int]]], child: Child) -> bool:
        while not child.has_answered(_POLL_S):
            if _traces(self.home, kind) - before[kind]:
                return True
        return False

    def _kill_at_work(self, moment: datetime, before: dict[str, set[tuple[str, int]]]) -> None:
        """A little later than the first sign of work; what the work was is read from what it left."""
        time.sleep(self._choose.uniform(0, _LONGEST_DELAY_S))
        assert self._child
        self._child.kill()
        self._child = None
        left = [kind for kind in ("writing", "fetching") if _traces(self.home, kind) - before[kind]]
        self._killed("writing" if "writing" in left else "fetching" if left else "between", moment)

    def _kill(self, kind: Kill, moment: datetime) -> None:
        assert self._child
        self._child.kill()
        self._child = None
        self._killed(kind, moment)

    def _killed(self, kind: Kill, moment: datetime) -> None:
        stamp(self.home.staging, moment)
        self.seen.kills[kind] += 1
        if self._waiting and self._waiting[0][0] <= moment and self._waiting[0][1] == kind:
            self._waiting.pop(0)

    def _count(self, ran: list[Ran]) -> None:
        self.seen.runs.update((one.asked_by, one.success) for one in ran)
        if self._is_out:
            self.seen.failed_while_out += sum(not one.success for one in ran)

    def _read(self, moment: datetime) -> None:
        """As an analyst would at any time, once there is a warehouse."""
        if not self.home.link.exists():
            return
        try:
            with open_published(self.home, deadline_s=1) as con:
                con.execute("select count(*), max(ts) from raw_etcd").fetchall()
                self.seen.reads += 1
        except OcpperfError as fault:
            self.seen.unread.append(f"{moment:%d %H:%M}: {fault}")


def _furnish(home: Home, start: datetime) -> None:
    """A home whose history begins with the day."""
    home.state.mkdir(parents=True)
    home.dagster.mkdir()
    (home.state / "history-start").write_text(start.isoformat(), encoding="utf-8")
    shipped = dagster_file().read_text(encoding="utf-8")
    (home.dagster / "dagster.yaml").write_text(shipped + _NO_OUTPUT_KEPT, encoding="utf-8")


def _traces(home: Home, kind: str) -> set[tuple[str, int]]:
    """Files that tell of work, with when each was written: what a killed run left is no sign of the next one."""
    return {(str(path), written) for path in home.root.glob(_SIGNS[kind]) if (written := _written(path))}


def _written(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except FileNotFoundError:
        return 0


@contextmanager
def world_of(root: Path, day: Day, prometheus: MortalPrometheus, seed: int) -> Iterator[World]:
    world = World(root, day, prometheus, seed)
    try:
        yield world
    finally:
        world.close()
