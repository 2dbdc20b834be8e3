"""One process that stands between `ocpperf up` and a service: keeps its log, and lets nothing of it outlive `up`.

Its standard input is a pipe that only `up` holds. The first line is the assignment; the end of the stream, however it
comes about, ends the service with all its descendants.
"""

import json
import os
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from ocpperf_assets.services.logs import Rotation, last_line, write_log
from ocpperf_assets.services.processes import adopt_orphans, end_all
from ocpperf_mcp.contracts.children import die_with_parent

_POLL_S = 0.25
_DRAIN_S = 2.0
COULD_NOT_START = 127


@dataclass(frozen=True)
class Assignment:
    """What a keeper is told. It goes over the pipe, because arguments are seen by everybody on the machine."""

    command: tuple[str, ...]
    environment: Mapping[str, str]
    log: str
    rotation: Rotation
    secrets: tuple[str, ...]
    grace_s: float

    def encode(self) -> bytes:
        return json.dumps(asdict(self)).encode() + b"\n"

    @classmethod
    def decode(cls, line: bytes) -> "Assignment":
        values = json.loads(line)
        return cls(**{**values, "rotation": Rotation(**values["rotation"])})


class Keeper:
    """`up`'s side: a keeper that has been started, with the service it started."""

    def __init__(self, assignment: Assignment, held: int) -> None:
        """`held` is a descriptor that stays open as long as the keeper lives: the lock of its `up`."""
        self.log = Path(assignment.log)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "ocpperf_assets.services.keeper"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, **assignment.environment},
            start_new_session=True,
            pass_fds=[held],
        )
        self._ended: int | None = None
        self.pid = self._process.pid
        self.service_pid = self._begin(assignment)

    def _begin(self, assignment: Assignment) -> int | None:
        """The service's process id, once it is started; None when it could not be."""
        assert self._process.stdin
        assert self._process.stdout
        with suppress(BrokenPipeError):
            self._process.stdin.write(assignment.encode())
            self._process.stdin.flush()
        answer = self._process.stdout.readline()
        return int(answer) if answer else None

    def exit_code(self) -> int | None:
        """The service's exit code, negative for a signal; None while it runs. The keeper's own when that was killed."""
        own = self._process.poll()
        if own is not None and self._ended is None:
            assert self._process.stdout
            answer = self._process.stdout.readline()
            self._ended = int(answer) if answer else own
        return self._ended

    def tell_to_end(self) -> None:
        assert self._process.stdin
        with suppress(BrokenPipeError):
            self._process.stdin.close()

    def wait(self, seconds: float) -> bool:
        """Whether the keeper has ended within that time."""
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def last_words(self) -> str:
        return last_line(self.log)


def main() -> int:
    assignment = Assignment.decode(sys.stdin.buffer.readline())
    told = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: told.set())
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    adopt_orphans()
    try:
        service = _start(assignment)
    except OSError as fault:
        _write([f"{assignment.command[0]} cannot be started: {fault.strerror}\n".encode()], assignment)
        return COULD_NOT_START
    writer = threading.Thread(target=_write, args=(service.stdout, assignment), daemon=True)
    writer.start()
    print(service.pid, flush=True)
    while service.poll() is None and not told.is_set() and not _abandoned():
        pass
    end_all(service, assignment.grace_s)
    writer.join(_DRAIN_S)
    with suppress(BrokenPipeError):
        print(service.returncode, flush=True)
    return 0


def _start(assignment: Assignment) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        assignment.command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        process_group=0,
        preexec_fn=die_with_parent(),
    )


def _write(lines: Iterable[bytes], assignment: Assignment) -> None:
    write_log(lines, Path(assignment.log), assignment.rotation, assignment.secrets)


def _abandoned() -> bool:
    """Waits a moment; whether the pipe has been closed by then."""
    readable, _, _ = select.select([sys.stdin.fileno()], [], [], _POLL_S)
    return bool(readable)


if __name__ == "__main__":
    sys.exit(main())
