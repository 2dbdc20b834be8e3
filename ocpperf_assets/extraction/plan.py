"""Which ranges are asked for: half-open, on step multiples since the epoch, never more than one answer may hold."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from ocpperf_assets.catalogue import Metric
from ocpperf_mcp.contracts.windows import HOUR, Window, floor_hour

HISTOGRAM_STEP_S = 300
# Prometheus refuses more than 11,000 points a series.
MAX_POINTS = 10_000
# About 12 MB of JSON: what one answer may hold, so that memory does not grow with the range.
MAX_SAMPLES = 400_000


@dataclass(frozen=True)
class Grid:
    """The sample times of a metric: multiples of `step_s`; a point stored at t is asked for at t + `shift_s`.

    A bucket family's increase over (t, t + 5 min] is evaluated at its end and stored at its start.
    """

    step_s: int
    shift_s: int = 0

    @classmethod
    def of(cls, metric: Metric, default_step_s: int) -> "Grid":
        if metric.kind == "histogram":
            return cls(HISTOGRAM_STEP_S, HISTOGRAM_STEP_S)
        return cls(metric.step_s or default_step_s)

    def asked(self, start: datetime, end: datetime) -> tuple[int, int] | None:
        """First and last moment (Unix seconds, both included) of the half-open stored range; None when it has none."""
        first = -(-int(start.timestamp()) // self.step_s) * self.step_s
        last = (-(-int(end.timestamp()) // self.step_s) - 1) * self.step_s
        return (first + self.shift_s, last + self.shift_s) if first <= last else None

    def settled(self, until: datetime) -> datetime:
        """End of the stored range whose points can all be asked for before `until`."""
        known = int(until.timestamp()) // self.step_s * self.step_s
        return datetime.fromtimestamp(known - self.shift_s + self.step_s, UTC)

    def points(self, window: Window) -> int:
        return max(int(window.duration.total_seconds()) // self.step_s, 1)


def ranges(
    metric: Metric,
    grid: Grid,
    windows: Sequence[Window],
    until: datetime | None,
    resume: Mapping[tuple[str, str, datetime], datetime],
) -> list[Window]:
    """What to ask for one metric: the hours, joined where they meet, cut at `until`, without what is known already."""
    limit = grid.settled(until) if until else None
    joined: list[Window] = []
    for window in sorted(windows):
        known = resume.get((metric.name, metric.expr_hash, floor_hour(window.start)))
        start = max(window.start, known) if known else window.start
        end = min(window.end, limit) if limit else window.end
        if start >= end:
            continue
        if joined and joined[-1].end == start:
            joined[-1] = Window(joined[-1].start, end)
        else:
            joined.append(Window(start, end))
    return joined


def next_piece(window: Window, grid: Grid, series: int) -> Window:
    """The first piece of a range that keeps an answer of `series` series within bounds.

    Pieces are whole hours where an hour fits, so that a failed piece costs as few hours as can be.
    """
    points = min(MAX_POINTS, max(MAX_SAMPLES // max(series, 1), 1))
    length = timedelta(seconds=points * grid.step_s)
    if length >= window.duration:
        return window
    end = window.start + length
    if length > HOUR:
        end = max(floor_hour(end), window.start + timedelta(seconds=grid.step_s))
    return Window(window.start, end)


def halves(window: Window, grid: Grid) -> tuple[Window, Window] | None:
    """Two pieces that meet on a step, or None when there is nothing left to split."""
    points = grid.points(window)
    if points < 2:
        return None
    middle = window.start + timedelta(seconds=points // 2 * grid.step_s)
    return Window(window.start, middle), Window(middle, window.end)


def hours(window: Window) -> Iterator[tuple[datetime, Window]]:
    """The clock hours of a piece with the part of each that lies in it."""
    for part in window.hours():
        yield floor_hour(part.start), part
