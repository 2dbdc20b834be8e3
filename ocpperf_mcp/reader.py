"""Read the published warehouse again and again from one process.

A DuckDB instance takes 25 to 40 ms to make, more than many a query, and what it has read of a file is gone with it. A
server makes one, and attaches the published slot for as long as calls read it and a while longer. A slot that is
published no more is let go of at once, so that the writer, whose it is then, finds it free.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock, Thread

import duckdb

from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.layout import layout_of
from ocpperf_mcp.warehouse import opened

LINGER_S = 10.0
"""How long the published slot stays attached when nobody calls."""
_LOOK_S = 0.1
"""How often a slot that nobody reads is looked at."""


@dataclass
class _Attached:
    """A slot under the name that it has in the instance, how many calls read it, and when the last one left."""

    name: str
    readers: int = 0
    left_at: float = 0.0


class Reader:
    """Opens the published warehouse for a call, from any thread."""

    def __init__(self, home: Home, linger_s: float = LINGER_S) -> None:
        self._home = home
        self._linger_s = linger_s
        self._lock = Lock()
        self._instance: duckdb.DuckDBPyConnection | None = None
        self._attached: dict[Path, _Attached] = {}
        self._names = 0
        self._letting_go: Thread | None = None

    @contextmanager
    def open(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection to what is published now, for the caller alone; it stays on that version until it is closed.

        Raises OcpperfError as `open_published` does.
        """
        slot, con = opened(self._home, 5.0, lambda slot: (slot, self._connect(slot)))
        try:
            layout_of(con)
            yield con
        finally:
            con.close()
            self._leave(slot)

    def close(self) -> None:
        """Let go of everything, and end what calls still run. A call after it makes a new instance."""
        with self._lock:
            if self._instance is not None:
                self._instance.close()
            self._instance = None
            self._attached.clear()
            letting_go = self._letting_go
        if letting_go is not None:
            letting_go.join()  # it ends when it next looks; a thread that outlives the program keeps DuckDB's objects

    def _connect(self, slot: Path) -> duckdb.DuckDBPyConnection:
        with self._lock:
            self._instance = self._instance or duckdb.connect()
            attached = self._attached.get(slot) or self._attach(self._instance, slot)
            attached.readers += 1
            con = self._instance.cursor()
            con.execute(f"use {attached.name}")
            return con

    def _attach(self, instance: duckdb.DuckDBPyConnection, slot: Path) -> _Attached:
        self._names += 1
        attached = _Attached(f"published_{self._names}")
        path = str(slot).replace("'", "''")
        instance.execute(f"attach '{path}' as {attached.name} (read_only)")
        self._attached[slot] = attached
        return attached

    def _leave(self, slot: Path) -> None:
        with self._lock:
            if attached := self._attached.get(slot):
                attached.readers -= 1
                attached.left_at = time.monotonic()
            if self._letting_go is None:
                self._letting_go = Thread(target=self._let_go, daemon=True)
                self._letting_go.start()

    def _let_go(self) -> None:
        """Until nothing is attached any more."""
        while True:
            with self._lock:
                for slot in [slot for slot, attached in self._attached.items() if self._is_done_with(slot, attached)]:
                    self._detach(slot)
                if not self._attached:
                    self._letting_go = None
                    return
            time.sleep(_LOOK_S)

    def _is_done_with(self, slot: Path, attached: _Attached) -> bool:
        if attached.readers:
            return False
        return self._home.link.resolve() != slot or time.monotonic() - attached.left_at > self._linger_s

    def _detach(self, slot: Path) -> None:
        attached = self._attached.pop(slot)
        if self._instance is not None:
            self._instance.execute(f"detach {attached.name}")
