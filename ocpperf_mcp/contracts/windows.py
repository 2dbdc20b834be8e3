"""Half-open UTC windows and the one parser that makes them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from ocpperf_mcp.contracts.errors import OcpperfError

HOUR = timedelta(hours=1)
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_DURATION = re.compile(r"(?:\d+[smhdw])+")
_MOMENT = "Write it as ISO 8601, for example 2026-11-24T08:00Z."
LONGEST = timedelta(days=36525)
"""A century: more is a typing error, and leaves the calendar once it is subtracted."""
_FORMS = "Write a duration like 24h or 1h30m, or start and end as ISO 8601, for example 2026-11-24T08:00Z."


@dataclass(frozen=True, order=True)
class Window:
    """`start` is in the window, `end` is not; both are aware and in UTC."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise ValueError("a window needs aware times")
        if self.end <= self.start:
            raise OcpperfError(
                f"The window ends at {self.end:%Y-%m-%dT%H:%M:%SZ}, which is not after its start.", _FORMS
            )

    @property
    def duration(self) -> timedelta:
        return self.end - self.start

    def hours(self) -> Iterator["Window"]:
        """The clock hours the window touches, each cut to the window."""
        hour = floor_hour(self.start)
        while hour < self.end:
            yield Window(max(hour, self.start), min(hour + HOUR, self.end))
            hour += HOUR


def floor_to(moment: datetime, step: timedelta) -> datetime:
    """The last multiple of `step` since the epoch that is not after `moment`."""
    seconds = step.total_seconds()
    return datetime.fromtimestamp(moment.timestamp() // seconds * seconds, UTC)


def floor_hour(moment: datetime) -> datetime:
    return floor_to(moment, HOUR)


def reads_as_duration(text: str) -> bool:
    return _DURATION.fullmatch(text.strip()) is not None


def parse_duration(text: str) -> timedelta:
    """Read `1h30m`-style durations (units s, m, h, d, w).

    Raises OcpperfError on anything else, on a duration of zero and on one longer than a century.
    """
    cleaned = text.strip()
    if not reads_as_duration(cleaned):
        raise OcpperfError(f"'{text}' is not a duration.", _FORMS)
    parts = re.findall(r"(\d+)([smhdw])", cleaned)
    try:
        total = sum((timedelta(**{_UNITS[unit]: int(count)}) for count, unit in parts), timedelta())
    except OverflowError:
        raise _too_long(f"The duration '{text[:40]}'") from None
    if total > LONGEST:
        raise _too_long(f"The duration '{text}'")
    if not total:
        raise OcpperfError(f"The duration '{text}' is zero.", _FORMS)
    return total


def parse_moment(text: str, zone: tzinfo = UTC) -> datetime:
    """Read an ISO 8601 time; one without an offset is taken to be in `zone`. Answers in UTC."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise OcpperfError(f"'{text}' is not a time.", _MOMENT) from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone)
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise OcpperfError(f"'{text}' is not a time.", _MOMENT) from None


def parse_window(
    duration: str | None = None,
    start: str | None = None,
    end: str | None = None,
    name: str | None = None,
    *,
    data_range: Window | None = None,
    names: Mapping[str, Window] | None = None,
    zone: tzinfo = UTC,
    now: datetime | None = None,
) -> Window:
    """One half-open UTC window from whatever a person gave.

    A name stands alone. Start and duration give the end; end and duration give the start; a duration alone
    ends with the data (`data_range.end`) or, without data, now. Raises OcpperfError when the parts do not
    make one window, and when it lies wholly outside `data_range`.
    """
    try:
        window = _named(name, names or {}) if name else _from_parts(duration, start, end, data_range, zone, now)
    except OverflowError:
        raise _too_long("The window") from None
    if window.duration > LONGEST:
        raise _too_long("The window")
    if data_range and (window.end <= data_range.start or window.start >= data_range.end):
        raise OcpperfError(
            f"There is no data between {_iso(window.start)} and {_iso(window.end)}.",
            f"The warehouse holds {_iso(data_range.start)} to {_iso(data_range.end)}.",
        )
    return window


def _too_long(what: str) -> OcpperfError:
    return OcpperfError(f"{what} is longer than a century.", _FORMS)


def _named(name: str, names: Mapping[str, Window]) -> Window:
    if name not in names:
        known = ", ".join(sorted(names)) or "none yet"
        raise OcpperfError(f"No window is named '{name}'.", f"Known names: {known}.")
    return names[name]


def _from_parts(
    duration: str | None,
    start: str | None,
    end: str | None,
    data_range: Window | None,
    zone: tzinfo,
    now: datetime | None,
) -> Window:
    length = parse_duration(duration) if duration else None
    first = parse_moment(start, zone) if start else None
    last = parse_moment(end, zone) if end else None
    if length and first and last:
        raise OcpperfError("Duration, start and end were all given.", "Leave one of the three out.")
    latest = data_range.end if data_range else (now or datetime.now(UTC))
    if length is None:
        if first is None:
            raise OcpperfError("No window was given.", _FORMS)
        return Window(first, last or latest)
    if first is not None:
        return Window(first, first + length)
    last = last or latest
    return Window(last - length, last)


def _iso(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%MZ}"
