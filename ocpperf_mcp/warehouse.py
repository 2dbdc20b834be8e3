"""Read the published warehouse: one connection a query, by the slot's real path, closed at once."""

import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import duckdb

from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.layout import layout_of

Opened = TypeVar("Opened")
Config = Mapping[str, str | bool | int | float | list[str]]

_HOLDER = re.compile(r"Conflicting lock is held in (?P<program>.+?) \(PID (?P<pid>\d+)\)")
_RETRY_S = 0.02


@contextmanager
def open_published(
    home: Home, *, deadline_s: float = 5.0, config: Config | None = None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-only connection to what is published now.

    The link may be switched, and the slot it named taken by the writer, between resolving and opening: then the link
    is resolved again, until `deadline_s`. Raises OcpperfError without a warehouse, with one that is no DuckDB file
    or that a newer ocpperf wrote, and when somebody holds the published slot open for writing.
    """
    con = opened(home, deadline_s, lambda slot: duckdb.connect(str(slot), read_only=True, config=dict(config or {})))
    try:
        layout_of(con)
        yield con
    finally:
        con.close()


def opened(home: Home, deadline_s: float, connect: Callable[[Path], Opened]) -> Opened:
    """What `connect` makes of the published slot, tried again until `deadline_s`. Raises OcpperfError."""
    deadline = time.monotonic() + deadline_s
    while True:
        slot = published_slot(home)
        try:
            return connect(slot)
        except duckdb.Error as fault:
            if home.link.resolve() == slot and time.monotonic() > deadline:
                raise readable(fault, slot) from None
        time.sleep(_RETRY_S)


@contextmanager
def up_to_date(reader: str) -> Iterator[None]:
    """Raises OcpperfError where the warehouse lacks a table, column or macro that `reader` reads."""
    try:
        yield
    except (duckdb.CatalogException, duckdb.BinderException) as fault:
        raise OcpperfError(
            f"The published warehouse lacks what {reader} reads: {str(fault).splitlines()[0]}",
            "An older ocpperf wrote it; `ocpperf collect --last 1h` brings it up to date.",
        ) from None


def published_slot(home: Home) -> Path:
    """The real path the link names. Raises OcpperfError when there is none."""
    slot = home.link.resolve()
    if not home.link.is_symlink() and not slot.exists():
        raise OcpperfError(f"There is no warehouse at {home.root} yet.", "Run `ocpperf collect --last 1h` first.")
    if not slot.exists():
        raise OcpperfError(
            f"The published slot {slot} is missing.",
            "Restore it from a copy, or remove the link and collect again.",
        )
    return slot


def readable(fault: duckdb.Error, slot: Path) -> OcpperfError:
    """DuckDB's refusal to open a slot, as a sentence with the next step."""
    if holder := lock_holder(fault):
        program, pid = holder
        return OcpperfError(
            f"{slot} is held open for writing by {program} (process {pid}).",
            "Close it; open the warehouse with `duckdb -readonly` or `ocpperf sql`.",
        )
    first = str(fault).strip().splitlines()[0]
    return OcpperfError(
        f"{slot} cannot be opened: {first}",
        "Restore it from a copy, or remove slot and link and collect again.",
    )


def lock_holder(fault: duckdb.Error) -> tuple[str, int] | None:
    """Program and process id that hold the file, when that is why DuckDB refused."""
    if found := _HOLDER.search(str(fault)):
        return found["program"], int(found["pid"])
    return None
