"""The worker process alone: DuckDB's own bounds are set so high that only the process itself is left."""

import os
import subprocess
import sys
from dataclasses import replace
from threading import Timer

import psutil
import pytest

from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.sql.limits import Limits
from ocpperf_mcp.sql.process import WorkerProcess
from ocpperf_mcp.sql.run import SqlRunner

GIB = 1 << 30
UNBOUNDED = Limits(seconds=600, memory_bytes=1_000 * GIB, address_space_bytes=1_000 * GIB)
UNINTERRUPTIBLE = "select levenshtein(repeat('a', 400000), repeat('b', 400000))"
"""Minutes within one call of a function, of which DuckDB does not look at the clock."""


def refusal(home: Home, limits: Limits, statement: str, patience_s: float = 60) -> OcpperfError:
    worker = WorkerProcess(home, limits)
    with pytest.raises(OcpperfError) as caught:
        worker.ask(statement, patience_s)
    assert not worker.is_alive
    return caught.value


@pytest.mark.parametrize(
    "bomb",
    [
        "select length(repeat('x', 1_500_000_000))",
        "select list_aggregate(range(200_000_000), 'sum')",
        "select count(distinct range) from range(300_000_000)",
    ],
)
def test_a_memory_bomb_meets_the_bound_of_the_address_space(home: Home, bomb: str) -> None:
    fault = refusal(home, replace(UNBOUNDED, address_space_bytes=GIB + GIB // 4), bomb)
    assert fault.what.startswith(("The query needed more memory", "The process that ran the query ended"))
    assert fault.next_step


def test_what_duckdb_cannot_interrupt_is_ended_by_the_kernel(home: Home) -> None:
    fault = refusal(home, replace(UNBOUNDED, seconds=1), UNINTERRUPTIBLE)
    assert fault.what == "The query took longer than 1 s and was ended."


def test_what_the_parser_chokes_on_is_ended_too(home: Home) -> None:
    fault = refusal(home, replace(UNBOUNDED, seconds=1), "select " + "(" * 50_000)
    assert fault.what == "The query took longer than 1 s and was ended."


def test_a_worker_that_does_not_end_by_itself_is_killed_from_outside(home: Home) -> None:
    fault = refusal(home, UNBOUNDED, UNINTERRUPTIBLE, patience_s=3)
    assert fault.what == "The query took longer than 600 s and was ended."


def test_a_worker_that_dies_at_work_is_told_in_one_sentence(home: Home) -> None:
    worker = WorkerProcess(home, UNBOUNDED)
    worker.ask("select 1", 60)
    (process,) = workers_of(os.getpid())
    killer = Timer(1, process.kill)
    killer.start()
    with pytest.raises(OcpperfError) as caught:
        worker.ask(UNINTERRUPTIBLE, 60)
    killer.join()
    assert str(caught.value) == "The process that ran the query ended by SIGKILL. Try it again, or narrow the query."


def test_a_worker_that_died_between_two_queries_is_replaced(home: Home) -> None:
    with SqlRunner(home, workers=1) as runner:
        assert runner.run("select 1").rows == [[1]]
        (process,) = workers_of(os.getpid())
        process.kill()
        assert runner.run("select 2").rows == [[2]]


def test_no_worker_outlives_its_killed_parent(home: Home) -> None:
    parent = subprocess.Popen([sys.executable, "-c", _PARENT, str(home.root), UNINTERRUPTIBLE], stdout=subprocess.PIPE)
    assert parent.stdout
    assert parent.stdout.readline() == b"ready\n"
    resting, working = sorted(workers_of(parent.pid), key=lambda process: process.pid)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    psutil.wait_procs([resting, working], timeout=60)
    assert [process.is_running() for process in (resting, working)] == [False, False]


_PARENT = """
import sys
from pathlib import Path
from threading import Thread
from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.sql.limits import Limits
from ocpperf_mcp.sql.process import WorkerProcess
home, limits = Home(Path(sys.argv[1])), Limits(seconds=3)
resting, working = WorkerProcess(home, limits), WorkerProcess(home, limits)
resting.ask("select 1", 60)
working.ask("select 1", 60)
Thread(target=working.ask, args=(sys.argv[2], 60)).start()
print("ready", flush=True)
"""


def workers_of(parent: int) -> list[psutil.Process]:
    """Of workers that have answered: just started, a process has no command line yet."""
    children = psutil.Process(parent).children()
    return [child for child in children if "ocpperf_mcp.sql.worker" in child.cmdline()]
