"""Hours of the day in which nobody is told anything."""

import re
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_FORM = re.compile(r"(\d{1,2}:\d\d)-(\d{1,2}:\d\d)(?:\s+(\S+))?")


@dataclass(frozen=True)
class QuietHours:
    """Every day from `start` to before `end`, by the clocks of `zone`; over midnight where the end comes first."""

    start: time
    end: time
    zone: ZoneInfo

    def holds(self, moment: datetime) -> bool:
        clock = moment.astimezone(self.zone).time()
        if self.start < self.end:
            return self.start <= clock < self.end
        return clock >= self.start or clock < self.end


def parse_quiet(text: str) -> QuietHours:
    """Read `22:00-06:00 Europe/Berlin`; without a zone it is UTC. Raises ValueError with the reason."""
    found = _FORM.fullmatch(text.strip())
    if not found:
        raise ValueError("it is not written like 22:00-06:00 Europe/Berlin")
    start, end = (_clock(part) for part in found.group(1, 2))
    if start == end:
        raise ValueError("it begins when it ends")
    return QuietHours(start, end, _zone(found[3] or "UTC"))


def _clock(text: str) -> time:
    hour, minute = map(int, text.split(":"))
    try:
        return time(hour, minute)
    except ValueError:
        raise ValueError(f"{text} is no time of day") from None


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"there is no time zone {name}; write it like Europe/Berlin") from None
