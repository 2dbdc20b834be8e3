"""How long a target that did not take its digest is left alone."""

from datetime import datetime, timedelta

from ocpperf_assets.notify.memory import Pause

PAUSES = (timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1), timedelta(hours=4))
"""After the first failure, the second and so on; the last for all that follow."""


def after_failure(pause: Pause | None, now: datetime) -> Pause:
    """The pause that follows; one that still holds, as somebody tried before its end, stays as it is."""
    if pause and pause.holds(now):
        return pause
    failures = pause.failures + 1 if pause else 1
    return Pause(failures=failures, until=now + PAUSES[min(failures, len(PAUSES)) - 1])
