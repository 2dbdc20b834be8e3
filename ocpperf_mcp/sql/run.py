"""`run_sql`: plain text in, plain result out, by a worker process that is kept for the next query."""

from contextlib import suppress
from dataclasses import dataclass
from queue import Empty, LifoQueue
from types import TracebackType
from typing import Self

from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.sql.cells import Cell, cells
from ocpperf_mcp.sql.frames import Message
from ocpperf_mcp.sql.limits import Limits
from ocpperf_mcp.sql.process import WorkerDiedError, WorkerProcess

_WORKERS = 2
# The worker ends by itself a second after its time; this is for one that cannot, and for starting it on a busy machine.
_PATIENCE_S = 15.0
# How long a query waits for its turn: a few of the longest before it.
_QUEUE_S = 60.0


@dataclass(frozen=True)
class Column:
    """`type` as DuckDB writes it; `unit` where the column's name or the catalogue tells one."""

    name: str
    type: str
    unit: str | None


@dataclass(frozen=True)
class SqlResult:
    """Values are those of `cells`. `truncated` is why rows are missing at the end, None when none are.

    `version` is the published version that answered: equal versions, equal rows.
    """

    columns: list[Column]
    rows: list[list[Cell]]
    truncated: str | None
    version: int | None


class SqlRunner:
    """Runs statements of people and models, from any thread; at most `workers` at once, the others wait their turn.

    What it promises: a statement reads the published warehouse and nothing else, and takes what `Limits` says at most.
    It is a guard against mistakes and curiosity, not a sandbox against somebody who knows a hole in DuckDB: then the
    worker's rights are those of the user who started it. Raise that wall outside (a container, a user of its own).
    """

    def __init__(self, home: Home, limits: Limits | None = None, workers: int = _WORKERS) -> None:
        self._home = home
        self._limits = limits or Limits()
        self._idle: LifoQueue[WorkerProcess | None] = LifoQueue()
        self._workers = workers
        for _ in range(workers):
            self._idle.put(None)

    def run(self, text: str) -> SqlResult:
        """Raises OcpperfError with one sentence and the next step when there is no result."""
        longest = self._limits.statement_characters
        if len(text) > longest:
            raise OcpperfError(f"The statement has {len(text):,} characters; {longest:,} may be.", "Shorten it.")
        worker = self._take()
        patience_s = self._limits.seconds + _PATIENCE_S
        try:
            if worker and worker.is_alive:
                # One that rested may have died before it was asked: then the next one tells.
                with suppress(WorkerDiedError):
                    return _result(worker.ask(text, patience_s))
            worker = WorkerProcess(self._home, self._limits)
            return _result(worker.ask(text, patience_s))
        finally:
            self._idle.put(worker)

    def _take(self) -> WorkerProcess | None:
        try:
            return self._idle.get(timeout=_QUEUE_S)
        except Empty:
            raise OcpperfError("Other queries have been running all the while.", "Try again in a moment.") from None

    def close(self) -> None:
        """End the workers; waits for queries that are under way. The next query starts one again."""
        for worker in [self._idle.get() for _ in range(self._workers)]:
            if worker:
                worker.close()
            self._idle.put(None)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def _result(reply: Message) -> SqlResult:
    return SqlResult(
        [Column(*column) for column in reply["columns"]],
        cells(reply["rows"]),
        reply["truncated"],
        reply["version"],
    )
