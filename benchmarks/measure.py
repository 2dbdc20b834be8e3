"""Measure a command: wall time and the peak memory of its whole process tree. Shared by every benchmark."""

import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

import psutil

_POLL_S = 0.05


@dataclass(frozen=True)
class Measured:
    """Wall seconds and peak resident bytes of one run."""

    seconds: float
    peak_bytes: int


def measure(command: Sequence[str], environment: Mapping[str, str]) -> Measured:
    """Run a command to its end. Raises CalledProcessError when it fails."""
    started = time.perf_counter()
    process = subprocess.Popen(command, env=dict(environment), stdout=subprocess.DEVNULL)
    peak = [0]
    watcher = threading.Thread(target=_watch, args=(psutil.Process(process.pid), peak), daemon=True)
    watcher.start()
    code = process.wait()
    seconds = time.perf_counter() - started
    watcher.join(timeout=1)
    if code:
        raise subprocess.CalledProcessError(code, list(command))
    return Measured(seconds, peak[0])


def _watch(root: psutil.Process, peak: list[int]) -> None:
    """Until the root has ended; a child that ends between being listed and being read counts nothing."""
    with suppress(psutil.NoSuchProcess):
        while root.status() != psutil.STATUS_ZOMBIE:
            peak[0] = max(peak[0], sum(map(_resident, (root, *root.children(recursive=True)))))
            time.sleep(_POLL_S)


def _resident(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.NoSuchProcess:
        return 0


def report(title: str, rows: Sequence[tuple[str, str]]) -> None:
    """Print a small two-column table, ready to be pasted into README."""
    width = max(len(name) for name, _ in rows)
    print(f"\n{title}")
    for name, value in rows:
        print(f"  {name:<{width}}  {value}")
