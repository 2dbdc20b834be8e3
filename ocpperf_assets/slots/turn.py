"""A writer's turn: prepare the idle slot, let the caller write, publish."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

import duckdb

from ocpperf_assets.slots import files, schema
from ocpperf_assets.slots.catchup import PUBLISHED, can_catch_up, catch_up
from ocpperf_assets.slots.files import Slot
from ocpperf_assets.slots.lock import writer_lock
from ocpperf_assets.slots.publication import (
    TableChange,
    create_ledger,
    merged,
    prune,
    record,
    version_of,
)
from ocpperf_mcp.contracts.directories import make_directory
from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.contracts.windows import Window
from ocpperf_mcp.warehouse import lock_holder, readable

# How many versions the ledger reaches back: a slot left idle for longer is copied instead of caught up.
KEPT_VERSIONS = 500


class WriteTurn:
    """A read-write connection to the idle slot, caught up with the published one, and the record of what changes."""

    def __init__(self, con: duckdb.DuckDBPyConnection, published_version: int) -> None:
        self.con = con
        self.published_version = published_version
        self.version = published_version + 1
        self._changes: list[TableChange] = []

    def changed_window(self, table: str, time_column: str, cluster: str | None, window: Window) -> None:
        """Rows of the window were replaced, or deleted; `cluster` None means of every cluster."""
        self._changes.append(TableChange.of_window(table, time_column, cluster, window))

    def changed_rows(self, table: str, version_column: str, key: Sequence[str]) -> None:
        """Rows whose `version_column` is this turn's version were inserted or updated; `key` finds them again."""
        self._changes.append(TableChange.of_rows(table, version_column, key))

    def changed_whole(self, table: str) -> None:
        """The table was replaced, created or dropped."""
        self._changes.append(TableChange.of_whole(table))

    def changed(self, table: str, time_column: str | None, cluster: str | None, window: Window | None) -> None:
        """Either of the above, as the models' runner tells it: without a window the whole table changed."""
        if window is None or time_column is None:
            self.changed_whole(table)
        else:
            self.changed_window(table, time_column, cluster, window)

    @property
    def changes(self) -> list[TableChange]:
        return merged(self._changes)


@contextmanager
def write_turn(
    home: Home,
    run_id: str,
    *,
    wait_s: float = 600,
    on_wait: Callable[[str], None] | None = None,
    config: Mapping[str, str] | None = None,
) -> Iterator[WriteTurn]:
    """Hold the writer's turn for the block and publish at its end.

    When the block raises, or records no change, nothing is published. Raises OcpperfError when the turn is not had
    within `wait_s` seconds, when the home cannot be written, and when somebody holds the published slot for writing.
    """
    make_directory(home.slots)
    with writer_lock(home.lock, wait_s, on_wait):
        published = files.published(home)
        if published:
            published.unmark()
        slot, con = _idle_slot(home, published, dict(config or {}))
        try:
            turn = WriteTurn(con, version_of(con))
            if schema.check(con):
                turn.changed_whole(schema.TABLE)
            yield turn
            changes = turn.changes
            if changes:
                record(con, changes, turn.version, run_id, datetime.now(UTC))
                prune(con, turn.version - KEPT_VERSIONS)
            _checkpoint(con)
        finally:
            con.close()
        _finish(home, slot, publish=bool(changes))
        _remove_old(home, slot if changes else published, slot)


def _idle_slot(home: Home, published: Slot | None, config: dict[str, str]) -> tuple[Slot, duckdb.DuckDBPyConnection]:
    """A slot open for writing with the published content; one that a reader still holds is left to it."""
    for slot in list(files.existing(home)):
        if published and slot.path == published.path:
            continue
        if slot.marker.exists() or published is None:
            _discard(slot)
            continue
        if con := _reopened(slot, published, config):
            return slot, con
    slot = files.unused(home)
    slot.mark()
    if published:
        _copy(published, slot)
    con = _connect(slot, config)
    create_ledger(con)
    return slot, con


def _reopened(slot: Slot, published: Slot, config: dict[str, str]) -> duckdb.DuckDBPyConnection | None:
    """The slot caught up, or None when a reader holds it or it is too old (then it is removed)."""
    slot.unprotect()
    slot.mark()
    try:
        con = _connect(slot, config)
    except _HeldError:
        slot.unmark()
        return None
    caught_up = False
    try:
        _attach(con, published)
        if can_catch_up(con):
            catch_up(con)
            caught_up = True
        con.execute(f"detach {PUBLISHED}")
    finally:
        if not caught_up:
            con.close()
    if caught_up:
        return con
    slot.remove()
    return None


def _copy(published: Slot, target: Slot) -> None:
    """Copy the published slot while it is held open for reading, so that nobody writes to it meanwhile."""
    with duckdb.connect() as guard:
        _attach(guard, published)
        files.copy(published, target)
    target.unprotect()


class _HeldError(Exception):
    """Somebody reads the slot."""


def _connect(slot: Slot, config: dict[str, str]) -> duckdb.DuckDBPyConnection:
    try:
        return duckdb.connect(str(slot.path), config={"storage_compatibility_version": "latest", **config})
    except duckdb.ConnectionException:
        raise _HeldError from None  # a connection of this very process
    except duckdb.IOException as fault:
        if lock_holder(fault):
            raise _HeldError from None
        raise readable(fault, slot.path) from None


def _attach(con: duckdb.DuckDBPyConnection, published: Slot) -> None:
    try:
        con.execute(f"attach '{str(published.path).replace(chr(39), chr(39) * 2)}' as {PUBLISHED} (read_only)")
    except duckdb.Error as fault:
        raise readable(fault, published.path) from None


def _checkpoint(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("force checkpoint")


def _finish(home: Home, slot: Slot, *, publish: bool) -> None:
    if slot.wal.exists():
        raise OcpperfError(
            f"{slot.path} still has a write-ahead log after its checkpoint, so it was not published.",
            "Run the collection again; the slot is made anew.",
        )
    slot.protect()
    if publish:
        files.switch(home, slot)
    slot.unmark()


def _discard(slot: Slot) -> None:
    """Remove a half-written slot unless somebody reads it still."""
    if _is_free(slot):
        slot.remove()


def _remove_old(home: Home, published: Slot | None, written: Slot) -> None:
    """Keep two slots, the published one and one idle; what readers have let go of beyond them is removed."""
    idle = [slot for slot in files.existing(home) if published is None or slot.path != published.path]
    if written in idle:
        idle.remove(written)
        spare = idle
    else:
        free = [slot for slot in idle if _is_free(slot)]
        spare = free[1:]
    for slot in spare:
        _discard(slot)


def _is_free(slot: Slot) -> bool:
    """Whether nobody has the file open: then it can be opened for writing."""
    if not slot.path.exists():
        return True
    slot.unprotect()
    try:
        _connect(slot, {}).close()
    except _HeldError:
        slot.protect()
        return False
    except OcpperfError:
        return True  # no database, so nobody reads it
    slot.protect()
    return True
