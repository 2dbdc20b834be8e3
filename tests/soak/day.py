"""What happens to the daemon and to Prometheus in the simulated day, and when the world is looked at."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from ocpperf_mcp.contracts.windows import HOUR, Window

Kill = Literal["fetching", "writing", "between"]
_MINUTE = timedelta(minutes=1)
# The sensor is due every ten minutes, closed_hour at :03, daily_upkeep at 01:37.
_LOOKED_AT = {0, 3, 10, 20, 30, 37, 40, 50}
# Of twelve refreshes one is played, the hour's last in odd hours; while Prometheus is away every one is.
_REFRESHED = ({30}, {0})
_EVERY_REFRESH = set(range(0, 60, 5))


@dataclass(frozen=True)
class Day:
    """24 hours of disturbances; `outages` are Prometheus', `absence` is the daemon's."""

    window: Window
    outages: tuple[Window, ...]
    absence: Window
    kills: tuple[tuple[datetime, Kill], ...]

    def moments(self, until: datetime) -> Iterator[tuple[datetime, bool]]:
        """Moments at which something may be due, and whether the refresh of the open hour is played there."""
        moment = self.window.start
        while (moment := moment + _MINUTE) <= until:
            refreshed = _EVERY_REFRESH if self.is_out(moment) else _REFRESHED[moment.hour % 2]
            if moment.minute in _LOOKED_AT | refreshed:
                yield moment, moment.minute in refreshed

    def is_out(self, moment: datetime) -> bool:
        """Whether Prometheus is away."""
        return any(outage.start <= moment < outage.end for outage in self.outages)

    def is_absent(self, moment: datetime) -> bool:
        """Whether the daemon is away."""
        return self.absence.start <= moment < self.absence.end


def disturbed_day(start: datetime, seed: int) -> Day:
    """A short outage, a night without the daemon, a long outage, and kills in every hour that has runs to kill.

    The daemon is away for longer than it makes up for; the long outage holds whole hours.
    """
    choose = random.Random(seed)
    outages = (
        Window(start + 3 * HOUR + 12 * _MINUTE, start + 3 * HOUR + 48 * _MINUTE),
        Window(start + 17 * HOUR + 50 * _MINUTE, start + 20 * HOUR + 35 * _MINUTE),
    )
    absence = Window(start + 7 * HOUR + 15 * _MINUTE, start + 14 * HOUR + 25 * _MINUTE)
    hours = choose.sample([0, 1, 2, 4, 5, 6, 14, 15, 16, 21, 22, 23], 12)
    kinds: list[Kill] = ["fetching", "writing", "between"]
    kills = [
        (start + hour * HOUR + choose.randrange(60) * _MINUTE, kinds[number % 3]) for number, hour in enumerate(hours)
    ]
    return Day(Window(start, start + 24 * HOUR), outages, absence, tuple(sorted(kills)))
