"""Open a slot for writing, or attach the published one to read from."""

from collections.abc import Mapping

import duckdb

from ocpperf_assets.slots.catchup import PUBLISHED
from ocpperf_assets.slots.files import Slot
from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.warehouse import lock_holder, readable


class HeldError(Exception):
    """Somebody reads the slot."""


def connect(slot: Slot, config: Mapping[str, str]) -> duckdb.DuckDBPyConnection:
    """Raises HeldError while a reader has the slot open, and OcpperfError when it is no sound database."""
    try:
        return duckdb.connect(str(slot.path), config={"storage_compatibility_version": "latest", **config})
    except duckdb.ConnectionException:
        raise HeldError from None  # a connection of this very process
    except duckdb.Error as fault:
        if lock_holder(fault):
            raise HeldError from None
        raise readable(fault, slot.path) from None


def attach(con: duckdb.DuckDBPyConnection, published: Slot) -> None:
    """Attach as `published`. Raises OcpperfError when it cannot be read."""
    try:
        con.execute(f"attach '{str(published.path).replace(chr(39), chr(39) * 2)}' as {PUBLISHED} (read_only)")
    except duckdb.Error as fault:
        raise readable(fault, published.path) from None


def is_free(slot: Slot) -> bool:
    """Whether nobody has the file open: then it can be opened for writing."""
    if not slot.path.exists():
        return True
    slot.unprotect()
    try:
        connect(slot, {}).close()
    except HeldError:
        slot.protect()
        return False
    except OcpperfError:
        return True  # no database, so nobody reads it
    slot.protect()
    return True
