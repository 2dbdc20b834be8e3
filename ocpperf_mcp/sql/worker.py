"""The process that runs guarded SQL, one query after another: `python -m ocpperf_mcp.sql.worker HOME LIMITS`.

It reads questions from standard input and writes answers to standard output until its input ends. Each query has a
connection of its own, to what is published then, so no query sees anything of another. Nobody is needed to stop it: the
kernel bounds its address space, and ends it a second after a query should have been over.
"""

import json
import resource
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.sql.answer import answer
from ocpperf_mcp.sql.faults import failed, out_of_memory, too_slow
from ocpperf_mcp.sql.frames import Message, receive, send
from ocpperf_mcp.sql.limits import Limits
from ocpperf_mcp.sql.statement import single_select
from ocpperf_mcp.sql.units import units_of
from ocpperf_mcp.warehouse import open_published

GRACE_S = 1.0
"""How long after its time a query may go on before the kernel ends the process."""


def main() -> None:
    home, limits = Home(Path(sys.argv[1])), Limits(**json.loads(sys.argv[2]))
    resource.setrlimit(resource.RLIMIT_AS, (limits.address_space_bytes, limits.address_space_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    is_sound = True
    while is_sound and (question := receive(sys.stdin.buffer, limits.question_bytes)):
        with _deadline(limits.seconds + GRACE_S):
            reply, is_sound = _reply(home, question["statement"], limits)
        send(sys.stdout.buffer, {**reply, "is_last": not is_sound})


@contextmanager
def _deadline(seconds: float) -> Iterator[None]:
    """The kernel ends the process then: DuckDB looks at the clock between rows only, and Python after the call."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _reply(home: Home, text: str, limits: Limits) -> tuple[Message, bool]:
    """The answer or the refusal, and whether this process may go on: not after a fault that may leave traces."""
    try:
        return _answered(home, text, limits), True
    except OcpperfError as refusal:
        return _refused(refusal), True
    except duckdb.InterruptException:
        return _refused(too_slow(limits.seconds)), False
    except (duckdb.OutOfMemoryException, MemoryError):
        return _refused(out_of_memory(limits.memory_bytes)), False
    except (duckdb.InternalException, duckdb.FatalException) as fault:
        return _refused(failed(fault)), False
    except duckdb.Error as fault:
        return _refused(failed(fault)), True


def _answered(home: Home, text: str, limits: Limits) -> Message:
    statement = single_select(text)
    with open_published(home, config=limits.config) as con:
        found = answer(con, statement, limits)
        units = units_of(con, [name for name, _ in found.columns])
        return {
            "columns": [[*column, unit] for column, unit in zip(found.columns, units, strict=True)],
            "rows": found.rows,
            "truncated": found.truncated,
            "version": con.execute("select max(version) from raw_publication").fetchall()[0][0],
        }


def _refused(refusal: OcpperfError) -> Message:
    return {"refused": [refusal.what, refusal.next_step]}


if __name__ == "__main__":
    main()
