"""Geometry of a small line chart, drawn by the template as inline SVG."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

WIDTH, HEIGHT = 220, 36
_MARGIN = 3


@dataclass(frozen=True)
class Sparkline:
    """Polylines in SVG user units; a gap in the data ends one line and starts the next."""

    lines: tuple[str, ...]
    dots: tuple[tuple[float, float], ...]
    objective_y: float | None
    width: int = WIDTH
    height: int = HEIGHT


def sparkline(values: Sequence[float | None], objective: float | None = None) -> Sparkline:
    """Scale values (None = no data) and an optional objective into the chart's box, zero at the bottom."""
    known = [value for value in values if value is not None]
    top = max([*known, objective or 0.0]) or 1.0

    def y(value: float) -> float:
        return round(HEIGHT - _MARGIN - value / top * (HEIGHT - 2 * _MARGIN), 1)

    width = (WIDTH - 2 * _MARGIN) / max(len(values) - 1, 1)
    points = [
        None if value is None else (round(_MARGIN + index * width, 1), y(value)) for index, value in enumerate(values)
    ]
    runs = list(_runs(points))
    return Sparkline(
        lines=tuple(" ".join(f"{px},{py}" for px, py in run) for run in runs if len(run) > 1),
        dots=tuple(run[0] for run in runs if len(run) == 1),
        objective_y=None if objective is None else y(objective),
    )


def _runs(points: Sequence[tuple[float, float] | None]) -> Iterator[list[tuple[float, float]]]:
    """Stretches of neighbouring points without a gap."""
    gaps = [-1, *(index for index, point in enumerate(points) if point is None), len(points)]
    for left, right in pairwise(gaps):
        if run := [point for point in points[left + 1 : right] if point is not None]:
            yield run
