"""What each target was told, in the state directory: it outlives restarts and a rebuilt warehouse."""

from collections.abc import Callable, Sequence
from pathlib import Path

from ocpperf_assets.catalogue.vocabulary import Frozen, Severity
from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.state.records import change_records, read_records


class Told(Frozen):
    """A finding that a target was told of and that has not been told to be over."""

    ids: tuple[str, ...]
    """Every id by which it may come back: backfill and collecting again move its first hour."""
    severity: Severity
    """The worst that was told."""


def told(home: Home, target: str) -> tuple[Told, ...]:
    """Raises OcpperfError when the file is not what was written."""
    return read_records(_path(home, target), Told)


def change_told(home: Home, target: str, change: Callable[[tuple[Told, ...]], Sequence[Told]]) -> None:
    """Remember what `change` makes of it. Two processes do so one after the other; what raises changes nothing."""
    change_records(_path(home, target), Told, change)


def _path(home: Home, target: str) -> Path:
    return home.state / "notified" / f"{target}.json"
