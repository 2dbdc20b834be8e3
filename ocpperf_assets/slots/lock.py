"""A turn that one process has at a time: an advisory lock on a file, whoever asks for it."""

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from ocpperf_mcp.contracts.errors import OcpperfError

_POLL_S = 0.05


@contextmanager
def turn_lock(path: Path, doing: str, wait_s: float, on_wait: Callable[[str], None] | None) -> Iterator[None]:
    """Hold the lock for the block. The kernel lets go of it when the holder dies, however it dies.

    `doing`: what the holder is at, as in `writing the warehouse`. `on_wait` hears once who is waited for. Raises
    OcpperfError after `wait_s` seconds.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        _acquire(descriptor, path, doing, wait_s, on_wait)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(descriptor)


def _acquire(descriptor: int, path: Path, doing: str, wait_s: float, on_wait: Callable[[str], None] | None) -> None:
    deadline = time.monotonic() + wait_s
    told = False
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            holder = os.pread(descriptor, 32, 0).decode() or "unknown"
        if on_wait and not told:
            on_wait(f"process {holder}, which is {doing}")
            told = True
        if time.monotonic() > deadline:
            raise OcpperfError(
                f"Process {holder} has been {doing} for more than {wait_s:.0f} s.",
                f"Wait for it, or stop it if it hangs; the lock is {path}.",
            )
        time.sleep(_POLL_S)
