"""Read the published warehouse again and again from one process.

A DuckDB instance takes 25 to 40 ms to make, more than many a query. A server makes one, and attaches the published slot
for as long as calls read it; the file is let go of with the last of them, so that the writer finds it free.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

import duckdb

from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.layout import layout_of
from ocpperf_mcp.warehouse import opened


@dataclass
class _Attached:
    """A slot under the name that it has in the instance, and how many calls read it."""

    name: str
    readers: int = 0


class Reader:
    """Opens the published warehouse for a call, from any thread."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._lock = Lock()
        self._instance: duckdb.DuckDBPyConnection | None = None
        self._attached: dict[Path, _Attached] = {}
        self._names = 0

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
            self._leave(slot, con)

    def close(self) -> None:
        """Let go of everything, and end what calls still run. A call after it makes a new instance."""
        with self._lock:
            if self._instance is not None:
                self._instance.close()
            self._instance = None
            self._attached.clear()

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

    def _leave(self, slot: Path, con: duckdb.DuckDBPyConnection) -> None:
        con.close()
        with self._lock:
            attached = self._attached.get(slot)
            if attached is None or self._instance is None:
                return
            attached.readers -= 1
            if not attached.readers:
                del self._attached[slot]
                self._instance.execute(f"detach {attached.name}")
