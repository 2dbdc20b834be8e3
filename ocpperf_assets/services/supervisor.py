"""Start services, watch them, and end them all together."""

import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

import psutil

from ocpperf_assets.services.keeper import Assignment, Keeper
from ocpperf_assets.services.logs import Rotation
from ocpperf_assets.services.processes import adopt_orphans, kill_descendants
from ocpperf_assets.services.record import Known, Record, only_one, write_record
from ocpperf_assets.services.service import Service
from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.contracts.paths import Home

_POLL_S = 0.25
_STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True)
class Limits:
    """How long a supervisor waits, and how much it keeps."""

    start_s: float = 180.0
    """For every service to answer."""
    grace_s: float = 15.0
    """For a service that was asked to end."""
    rotation: Rotation = field(default_factory=Rotation)


def supervise(
    home: Home,
    services: Sequence[Service],
    on_ready: Callable[[], None],
    *,
    ports: Mapping[str, int] | None = None,
    secrets: Sequence[str] = (),
    limits: Limits | None = None,
    prepare: Callable[[], None] = lambda: None,
) -> None:
    """Run services until a signal says stop. `prepare` is called once nobody else can be running here.

    Raises OcpperfError when others run on this home, a port is taken, a service does not answer in time or ends by
    itself; nothing is running then.
    """
    limits = limits or Limits()
    with only_one(home) as lock, _signals() as stop:
        adopt_orphans()
        _check_ports(services)
        record = Record(Known.of(os.getpid()), dict(ports or {}))
        write_record(home, record)
        prepare()
        with _kept(limits) as keepers:
            for service in services:
                keepers[service.name] = _keep(home, service, lock, secrets, limits)
                _note(home, record, service, keepers[service.name])
            _wait_until_well(services, keepers, stop, limits.start_s)
            if not stop.is_set():
                on_ready()
            while not stop.wait(_POLL_S):
                _raise_dead(services, keepers)


@contextmanager
def _signals() -> Iterator[threading.Event]:
    """An event that is set by the first signal to stop."""
    stop = threading.Event()

    def heard(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    with ExitStack() as restore:
        for number in _STOPPING:
            if signal.getsignal(number) is not signal.SIG_IGN:  # as under nohup
                restore.callback(signal.signal, number, signal.signal(number, heard))
        yield stop


def _check_ports(services: Sequence[Service]) -> None:
    for service in services:
        if service.port and (reason := _refused(service.port)):
            raise OcpperfError(
                f"Port {service.port} for the {service.title} {reason}.",
                f"Choose another with {service.port_option}, or end what listens there.",
            )


def _refused(port: int) -> str | None:
    """Why nobody could listen there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            return "is not allowed to this user"
        except OSError:
            return "is taken"
    return None


@contextmanager
def _kept(limits: Limits) -> Iterator[dict[str, Keeper]]:
    """Keepers by service; all are ended with the block, at the same time, and what is left after them is killed."""
    keepers: dict[str, Keeper] = {}
    try:
        yield keepers
    finally:
        for keeper in keepers.values():
            keeper.tell_to_end()
        deadline = time.monotonic() + 2 * limits.grace_s + 10
        for keeper in keepers.values():
            keeper.wait(max(0.0, deadline - time.monotonic()))
        kill_descendants()


def _keep(home: Home, service: Service, lock: int, secrets: Sequence[str], limits: Limits) -> Keeper:
    assignment = Assignment(
        command=service.command,
        environment=service.environment,
        log=str(home.logs / f"{service.name}.log"),
        rotation=limits.rotation,
        secrets=tuple(secrets),
        grace_s=limits.grace_s,
    )
    return Keeper(assignment, lock)


def _note(home: Home, record: Record, service: Service, keeper: Keeper) -> None:
    record.keepers[service.name] = Known.of(keeper.pid)
    if keeper.service_pid is not None:
        with suppress(psutil.NoSuchProcess):  # it has ended already, which is noticed and told a moment later
            record.services[service.name] = Known.of(keeper.service_pid)
    write_record(home, record)


def _wait_until_well(
    services: Sequence[Service], keepers: Mapping[str, Keeper], stop: threading.Event, seconds: float
) -> None:
    """One after the other: to ask is not free, and all of them are needed."""
    started = time.time()
    deadline = time.monotonic() + seconds
    waiting = list(services)
    while waiting and not stop.wait(_POLL_S):
        _raise_dead(services, keepers)
        first = waiting[0]
        fault = first.health.fault(started)
        if fault is None:
            waiting.pop(0)
        elif time.monotonic() > deadline:
            raise not_ready(first.title, seconds, fault, keepers[first.name].log)


def _raise_dead(services: Sequence[Service], keepers: Mapping[str, Keeper]) -> None:
    for service in services:
        keeper = keepers[service.name]
        if (code := keeper.exit_code()) is not None:
            raise ended(service.title, code, keeper.last_words(), keeper.log)


def not_ready(title: str, seconds: float, fault: str, log: Path) -> OcpperfError:
    """A service that does not answer, and what is the matter with it."""
    return OcpperfError(f"The {title} was not ready within {seconds:.0f} s: {fault}.", f"Its log is {log}.")


def ended(title: str, code: int, words: str, log: Path) -> OcpperfError:
    """A service that ended by itself, with the last line of its log."""
    ending = f"exit code {code}" if code >= 0 else f"signal {signal.Signals(-code).name}"
    said = f": {words.rstrip('.')}." if words else " without a word."
    return OcpperfError(f"The {title} ended ({ending}){said}", f"Its log is {log}.")
