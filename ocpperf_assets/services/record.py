"""What is running on an OCPPERF_HOME: a lock that dies with its holders, and a file that names them."""

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import psutil

from ocpperf_assets.services.processes import find
from ocpperf_mcp.contracts.directories import make_directory
from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.contracts.paths import Home

_PATIENCE_S = 1.0


@dataclass(frozen=True)
class Known:
    """A process, recognisable when its id has been given to another."""

    pid: int
    started: float

    @classmethod
    def of(cls, pid: int) -> "Known":
        return cls(pid, psutil.Process(pid).create_time())

    def process(self) -> psutil.Process | None:
        return find(self.pid, self.started)


@dataclass(frozen=True)
class Record:
    """Who runs: `up` itself, and each service with its keeper, by name."""

    up: Known
    ports: dict[str, int] = field(default_factory=dict)
    keepers: dict[str, Known] = field(default_factory=dict)
    services: dict[str, Known] = field(default_factory=dict)

    def everybody(self) -> list[psutil.Process]:
        """All of them that live, with their descendants."""
        heads = [known.process() for known in (self.up, *self.keepers.values(), *self.services.values())]
        found: dict[int, psutil.Process] = {}
        for head in filter(None, heads):
            found |= {process.pid: process for process in (head, *_children(head))}
        return list(found.values())


def _children(process: psutil.Process) -> list[psutil.Process]:
    try:
        return process.children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def write_record(home: Home, record: Record) -> None:
    fresh = _file(home).with_suffix(".new")
    fresh.write_text(json.dumps(asdict(record), indent=1), encoding="utf-8")
    fresh.replace(_file(home))


def read_record(home: Home) -> Record | None:
    try:
        values: dict[str, Any] = json.loads(_file(home).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    keepers, services = (
        {name: Known(**known) for name, known in values[kind].items()} for kind in ("keepers", "services")
    )
    return Record(Known(**values["up"]), values["ports"], keepers, services)


@contextmanager
def only_one(home: Home) -> Iterator[int]:
    """Hold the lock of this home; yields the descriptor. The kernel lets go of it when the last holder has died.

    Raises OcpperfError when another `up` holds it. `ocpperf status` takes it for a moment: that is waited for.
    """
    make_directory(home.state)
    descriptor = os.open(_lock(home), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        deadline = time.monotonic() + _PATIENCE_S
        while not _take(descriptor, fcntl.LOCK_EX):
            if time.monotonic() > deadline:
                raise _refusal(home)
            time.sleep(0.05)
        yield descriptor
    finally:
        os.close(descriptor)


def is_up(home: Home) -> bool:
    """Whether an `up` of this home, or a service it left, is alive."""
    if not _lock(home).exists():
        return False
    descriptor = os.open(_lock(home), os.O_RDONLY | os.O_CLOEXEC)
    try:
        return not _take(descriptor, fcntl.LOCK_SH)
    finally:
        os.close(descriptor)


def _take(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _refusal(home: Home) -> OcpperfError:
    record = read_record(home)
    process = f" (process {record.up.pid})" if record else ""
    return OcpperfError(
        f"The services of {home.root} are already up{process}.",
        "`ocpperf status` shows them, `ocpperf down` ends them.",
    )


def _lock(home: Home) -> Path:
    return home.state / "services.lock"


def _file(home: Home) -> Path:
    return home.state / "services.json"
