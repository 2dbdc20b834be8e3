"""The slot to write to: the idle one caught up, a copy of the published one, or the published rows in a new file."""

from collections.abc import Mapping

import duckdb

from ocpperf_assets.slots import files
from ocpperf_assets.slots.catchup import PUBLISHED, can_catch_up, catch_up, copy_all
from ocpperf_assets.slots.files import Slot
from ocpperf_assets.slots.opening import HeldError, attach, connect, is_free
from ocpperf_assets.slots.publication import create_ledger
from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.contracts.paths import Home

Opened = tuple[Slot, duckdb.DuckDBPyConnection]


def idle_slot(home: Home, published: Slot | None, config: Mapping[str, str], *, rewrite: bool) -> Opened:
    """A slot open for writing with the published content; one that a reader still holds is left to it.

    `rewrite`: the rows are written anew into an empty file, so that no free space is left in it.
    """
    for slot in list(files.existing(home)):
        if published and slot.path == published.path:
            continue
        if slot.marker.exists() or published is None or rewrite:
            discard(slot)
        elif con := _reopened(slot, published, config):
            return slot, con
    slot = files.unused(home)
    slot.mark()
    if published and not rewrite:
        _copy(published, slot)
    con = connect(slot, config)
    if published and rewrite:
        attach(con, published)
        copy_all(con)
        con.execute(f"detach {PUBLISHED}")
    create_ledger(con)
    return slot, con


def remove_old(home: Home, published: Slot, *, keep_one: bool) -> None:
    """Remove what readers have let go of, but for the published slot and, with `keep_one`, the first idle one."""
    idle = [slot for slot in files.existing(home) if slot.path != published.path and is_free(slot)]
    for slot in idle[1 if keep_one else 0 :]:
        slot.remove()


def discard(slot: Slot) -> None:
    """Remove a slot unless somebody reads it still."""
    if is_free(slot):
        slot.remove()


def _reopened(slot: Slot, published: Slot, config: Mapping[str, str]) -> duckdb.DuckDBPyConnection | None:
    """The slot caught up, or None when a reader holds it; one that is too old or damaged is removed."""
    slot.unprotect()
    slot.mark()
    try:
        con = connect(slot, config)
    except HeldError:
        slot.unmark()
        return None
    except OcpperfError:
        slot.remove()  # no sound database: the published one is copied
        return None
    if _caught_up(con, published):
        return con
    con.close()
    slot.remove()
    return None


def _caught_up(con: duckdb.DuckDBPyConnection, published: Slot) -> bool:
    try:
        attach(con, published)
        if not can_catch_up(con):
            return False
        catch_up(con)
        con.execute(f"detach {PUBLISHED}")
    except duckdb.Error:
        return False  # a damaged block, here or there: a copy tells which
    except BaseException:
        con.close()
        raise
    return True


def _copy(published: Slot, target: Slot) -> None:
    """Copy the published slot while it is held open for reading, so that nobody writes to it meanwhile."""
    with duckdb.connect() as guard:
        attach(guard, published)
        files.copy(published, target)
    target.unprotect()
