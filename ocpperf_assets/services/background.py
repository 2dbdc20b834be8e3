"""`up --detach`: the same supervisor in a session of its own, which tells through a pipe how its start went."""

import json
import os
import select
import subprocess
import sys
from collections.abc import Callable, Sequence
from typing import IO

from ocpperf_mcp.contracts.directories import make_directory
from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.contracts.paths import Home

_LOG = "up.log"
_ENDING_S = 60.0
_START_S = 300.0
"""Longer than the supervisor itself waits for its services, which knows better what is wrong."""


def start_detached(home: Home, command: Sequence[str]) -> None:
    """Run a command that reports (see `reporting`), and return when it says that all is well.

    The descriptor it reports to is added as last argument. Raises OcpperfError with its reason when it fails; nothing
    is running then.
    """
    make_directory(home.logs)
    reading, writing = os.pipe()
    with (home.logs / _LOG).open("ab") as log, os.fdopen(reading, "rb") as reports:
        try:
            process = subprocess.Popen(
                [*command, str(writing)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                pass_fds=[writing],
            )
        finally:
            os.close(writing)
        _await(home, process, reports)


def _await(home: Home, process: "subprocess.Popen[bytes]", reports: IO[bytes]) -> None:
    try:
        if not select.select([reports], [], [], _START_S)[0]:
            raise OcpperfError(f"The services did not start within {_START_S:.0f} s.", f"See {home.logs}.")
        line = reports.readline()
    except BaseException:
        process.terminate()
        process.wait(_ENDING_S)
        raise
    fault = json.loads(line) if line else ["The services ended while they were started.", f"See {home.logs / _LOG}."]
    if fault:
        process.wait(_ENDING_S)
        raise OcpperfError(*fault)


def reporting(descriptor: int, run: Callable[[Callable[[], None]], None]) -> int:
    """Run, given what to call when all is well; report that, or why the start failed. Gives the exit code."""
    pending = [os.fdopen(descriptor, "wb")]

    def report(fault: Sequence[str]) -> None:
        while pending:
            _send(pending.pop(), fault)

    try:
        run(lambda: report([]))
    except OcpperfError as fault:
        print(f"{fault}", file=sys.stderr)
        report([fault.what, fault.next_step])
        return 1
    report(["The start was broken off."])
    return 0


def _send(pipe: IO[bytes], fault: Sequence[str]) -> None:
    try:
        with pipe:
            pipe.write(json.dumps(fault).encode() + b"\n")
    except BrokenPipeError:
        print("Nobody waited for the start to end.", file=sys.stderr)
