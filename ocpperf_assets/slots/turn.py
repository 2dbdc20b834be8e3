"""A writer's turn: prepare the idle slot, let the caller write, publish."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from ocpperf_assets.catalogue.locate import sql_directory
from ocpperf_assets.diskspace import room_in
from ocpperf_assets.slots import files, schema
from ocpperf_assets.slots.files import Slot
from ocpperf_assets.slots.idle import idle_slot, remove_old
from ocpperf_assets.slots.lock import turn_lock
from ocpperf_assets.slots.publication import LEDGER, TableChange, merged, prune, record, version_of
from ocpperf_mcp.contracts.directories import make_directory
from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.contracts.windows import Window

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

    def changed_everything(self) -> None:
        """Every table may have changed, as after a migration."""
        rows = self.con.execute("select table_name from duckdb_tables() where database_name = current_database()")
        for (table,) in rows.fetchall():
            if table != LEDGER:
                self.changed_whole(table)

    @property
    def changes(self) -> list[TableChange]:
        return merged(self._changes)

    def record(self, run_id: str) -> bool:
        """Write the changes into the ledger, if there are any."""
        changes = self.changes
        if changes:
            record(self.con, changes, self.version, run_id, datetime.now(UTC))
            prune(self.con, self.version - KEPT_VERSIONS)
        return bool(changes)


@contextmanager
def write_turn(
    home: Home,
    run_id: str,
    *,
    wait_s: float = 600,
    on_wait: Callable[[str], None] | None = None,
    config: Mapping[str, str] | None = None,
    migrations: Path | None = None,
    rewrite: bool = False,
) -> Iterator[WriteTurn]:
    """Hold the writer's turn for the block and publish at its end.

    When the block raises, or records no change, nothing is published. `rewrite`: write every row anew, into a file
    without free space. Raises OcpperfError when the turn is not had within `wait_s` seconds, when the home cannot be
    written or its disk is full, and when somebody holds the published slot for writing.
    """
    make_directory(home.slots)
    with turn_lock(home.lock, "writing the warehouse", wait_s, on_wait):
        files.sweep(home)
        published = files.published(home)
        if published:
            published.unmark()
        with room_in(home.slots, published.path if published else None):
            slot, con = idle_slot(home, published, config or {}, rewrite=rewrite)
            try:
                turn = WriteTurn(con, version_of(con))
                if schema.bring_forward(con, migrations or sql_directory() / "migrations"):
                    turn.changed_everything()
                yield turn
                is_changed = turn.record(run_id)
                con.execute("force checkpoint")
            except BaseException:
                con.close()
                slot.remove()
                raise
            con.close()
        _finish(home, slot, publish=is_changed)
        if is_changed:
            remove_old(home, slot, keep_one=not rewrite)


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
