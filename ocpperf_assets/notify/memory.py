"""What each target was told, in the state directory: it outlives restarts and a rebuilt warehouse."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import AwareDatetime, RootModel

from ocpperf_assets.catalogue.vocabulary import Frozen, Severity
from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.state.records import change_records, read_records


class Told(Frozen):
    """A finding that a target was told of and that has not been told to be over."""

    ids: tuple[str, ...]
    """Every id by which it may come back: backfill and collecting again move its first hour."""
    severity: Severity
    """The worst that was told."""


class ToldSilent(Frozen):
    """A cluster that a target was told to be silent, and not yet that it speaks again."""

    cluster: str
    since: AwareDatetime


class Pause(Frozen):
    """A target did not take its digest, and is left alone for a while."""

    failures: int
    """Tries that failed since it took one."""
    until: AwareDatetime

    def holds(self, moment: datetime) -> bool:
        return moment < self.until


class _Row(RootModel[Told | ToldSilent | Pause]):
    """One entry of the file: their fields tell the kinds apart, so that older files are read as well."""


@dataclass(frozen=True)
class Memory:
    """Everything that is remembered of a target."""

    told: tuple[Told, ...] = ()
    silent: tuple[ToldSilent, ...] = ()
    pause: Pause | None = None

    @property
    def ids(self) -> frozenset[str]:
        """Of all findings it was told of."""
        return frozenset(name for one in self.told for name in one.ids)


def read_memory(home: Home, target: str) -> Memory:
    """Raises OcpperfError when the file cannot be read or is not what was written."""
    return _memory(read_records(_path(home, target), _Row))


def change_memory(home: Home, target: str, change: Callable[[Memory], Memory]) -> None:
    """Remember what `change` makes of it. Two processes do so one after the other; what raises changes nothing.

    Raises OcpperfError as `read_memory` does, and when the file cannot be written.
    """
    change_records(_path(home, target), _Row, lambda rows: _rows(change(_memory(rows))))


def _memory(rows: Iterable[_Row]) -> Memory:
    held = [row.root for row in rows]
    return Memory(
        told=tuple(one for one in held if isinstance(one, Told)),
        silent=tuple(one for one in held if isinstance(one, ToldSilent)),
        pause=next((one for one in held if isinstance(one, Pause)), None),
    )


def _rows(memory: Memory) -> list[_Row]:
    held: list[Told | ToldSilent | Pause] = [*memory.told, *memory.silent]
    if memory.pause:
        held.append(memory.pause)
    return [_Row(one) for one in held]


def _path(home: Home, target: str) -> Path:
    return home.state / "notified" / f"{target}.json"
