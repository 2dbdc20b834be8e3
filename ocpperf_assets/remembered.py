"""What a process finds out once about a cluster, and not anew for each of its parts."""

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from ocpperf_assets.settings import Settings

HOLDS_S = 600.0
"""After ten minutes it is found out again: the daemon runs for months."""

ValueT = TypeVar("ValueT")


class Remembered(Generic[ValueT]):
    """One value for each cluster. A failure is not remembered; who asks meanwhile waits for the one who finds out."""

    def __init__(self, find: Callable[[Settings], ValueT]) -> None:
        self._find = find
        self._known: dict[str, tuple[Settings, ValueT, float]] = {}
        self._lock = threading.Lock()

    def of(self, settings: Settings) -> ValueT:
        """The value for exactly these settings. Raises what finding out raises."""
        with self._lock:
            known = self._known.get(settings.cluster)
            if known and known[0] == settings and time.monotonic() - known[2] < HOLDS_S:
                return known[1]
            value = self._find(settings)
            self._known[settings.cluster] = (settings, value, time.monotonic())
            return value
