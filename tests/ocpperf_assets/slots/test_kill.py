"""`kill -9` from outside at any moment: what is published opens and is whole, and the next turn works."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ocpperf_mcp.warehouse import open_published
from tests.ocpperf_assets.slots.conftest import Warehouse, torn_hours

HOURS = 5

# Forks a writer for every line it reads. The writer takes turn after turn; with "stop at N" it announces the N-th
# thing it does to the file system in a turn, before doing it, and waits there for its end.
NURSERY = """
import os, sys, time
from pathlib import Path
from ocpperf_assets.slots import turn as _
from tests.ocpperf_assets.slots.conftest import Warehouse
from ocpperf_mcp.contracts.paths import Home

def say(*words):
    # One write a line: parent and child share the pipe.
    os.write(1, (" ".join(map(str, words)) + "\\n").encode())

EVENTS = ("open", "os.rename", "os.remove", "os.chmod", "os.symlink", "subprocess.Popen")

def write(home, stop_at):
    warehouse, counted = Warehouse(Home(Path(home))), 0
    def watch(event, arguments):
        nonlocal counted
        if event in EVENTS and home in str(arguments):
            counted += 1
            if counted == stop_at:
                say("reached", event)
                time.sleep(60)
    sys.addaudithook(watch)
    number = 0
    while True:
        number, counted = number + 1, 0
        warehouse.publish(number % 5, value=float(os.getpid() * 1000 + number))
        say("turn", counted)

for line in sys.stdin:
    pid = os.fork()
    if pid == 0:
        say("pid", os.getpid())
        write(sys.argv[1], int(line))
    os.waitpid(pid, 0)
    say("gone")
"""


class Nursery:
    """Writers that are forked ready to write, so that a hundred of them cost little."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def start(self, stop_at: int = 0) -> int:
        assert self._process.stdin
        self._process.stdin.write(f"{stop_at}\n")
        self._process.stdin.flush()
        return int(self.wait_for("pid"))

    def wait_for(self, word: str) -> str:
        assert self._process.stdout
        while line := self._process.stdout.readline():
            if line.startswith(word):
                return line.removeprefix(word).strip()
        raise AssertionError("the nursery ended")

    def kill(self, pid: int) -> None:
        os.kill(pid, signal.SIGKILL)
        self.wait_for("gone")


@contextmanager
def nursery(warehouse: Warehouse) -> Iterator[Nursery]:
    process = subprocess.Popen(
        [sys.executable, "-c", NURSERY, str(warehouse.home.root)],
        cwd=Path(__file__).parents[3],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        yield Nursery(process)
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


@pytest.fixture
def full(warehouse: Warehouse) -> Warehouse:
    for number in range(HOURS):
        warehouse.publish(number)
    return warehouse


def assert_whole(warehouse: Warehouse) -> None:
    with open_published(warehouse.home) as con:
        assert torn_hours(con) == []
        assert con.execute("select count(*) from fact").fetchall() == [(HOURS,)]


def assert_heals(warehouse: Warehouse, value: float) -> None:
    """The next turn lands on top of whatever the killed one left."""
    warehouse.publish(0, value)
    assert_whole(warehouse)
    assert (0, 1000 * value) in warehouse.totals()
    assert set(warehouse.slots) <= {"a.duckdb", "b.duckdb", "c.duckdb"}
    assert len(warehouse.slots) == 2


def test_killed_at_a_hundred_random_moments(full: Warehouse) -> None:
    moments = random.Random(7)
    with nursery(full) as writers:
        for number in range(100):
            pid = writers.start()
            time.sleep(moments.uniform(0.0, 0.15))
            writers.kill(pid)
            assert_whole(full)
            if number % 4 == 0:
                assert_heals(full, float(number))
    assert_heals(full, -1.0)


def test_killed_before_each_thing_a_turn_does_to_the_file_system(full: Warehouse) -> None:
    """Between checkpoint, protection, switch and removal of the marker, and wherever else a turn touches a name."""
    met = []
    with nursery(full) as writers:
        pid = writers.start()
        writers.wait_for("turn")
        events = int(writers.wait_for("turn"))
        writers.kill(pid)
        for number in range(1, events + 1):
            pid = writers.start(stop_at=number)
            met.append(writers.wait_for("reached"))
            assert_whole(full)
            writers.kill(pid)
            assert_whole(full)
            assert_heals(full, float(number))
    assert {"os.symlink", "os.rename", "os.remove", "os.chmod", "open"} <= set(met)


def test_killed_while_the_slot_is_copied(full: Warehouse) -> None:
    """A marked idle slot is thrown away and copied: the turn after a kill does other things than an ordinary one."""
    with nursery(full) as writers:
        for number in range(1, 12):
            (full.home.slots / f"{'b' if full.published.name == 'a.duckdb' else 'a'}.duckdb.writing").touch()
            pid = writers.start(stop_at=number)
            writers.wait_for("reached")
            writers.kill(pid)
            assert_whole(full)
    assert_heals(full, -2.0)
