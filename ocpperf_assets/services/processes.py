"""Processes that leave no orphans, however they end."""

import ctypes
import os
import signal
import subprocess
import sys
from contextlib import suppress

import psutil

_PR_SET_CHILD_SUBREAPER = 36
_ROUNDS = 20
"""A process that a kill does not end hangs in the kernel: nobody can end it, and nobody waits for it without end."""


def adopt_orphans() -> None:
    """Grandchildren whose parent ends become children of this process, so that it can end them (Linux only)."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1)


def end_all(service: "subprocess.Popen[bytes]", grace_s: float) -> None:
    """End a service in order, then whatever else descends from this process, for which a third of the time is left."""
    service.terminate()
    with suppress(subprocess.TimeoutExpired):
        service.wait(grace_s)
    left = descendants()
    for process in left:
        with suppress(psutil.NoSuchProcess):
            process.terminate()
    psutil.wait_procs(left, timeout=grace_s / 3)
    kill_descendants()
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(service.pid, signal.SIGKILL)


def kill_descendants() -> None:
    """Kill what descends from this process until nothing does: the dying may still have started somebody."""
    for _ in range(_ROUNDS):
        left = descendants()
        if not left:
            return
        kill(left)


def kill(processes: list[psutil.Process], wait_s: float = 1.0) -> None:
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(processes, timeout=wait_s)


def descendants() -> list[psutil.Process]:
    return psutil.Process().children(recursive=True)


def find(pid: int, started: float) -> psutil.Process | None:
    """The process of that id, if it is still the one that was started then: the system gives ids out again."""
    with suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        if abs(process.create_time() - started) < 1 and process.status() != psutil.STATUS_ZOMBIE:
            return process
    return None
