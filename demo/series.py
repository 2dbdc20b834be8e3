"""Targets and the series they expose, as plain arrays on the timeline's grid."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from demo.timeline import SCRAPE_S, Bools, Floats, Ints, Timeline

Labels = Mapping[str, str]


@dataclass(frozen=True)
class Target:
    """One scrape target. `offset_ms` is never 0, so no scrape falls on a step; `every` counts grid points.

    `present`: whether there is a target at all; `answers`: whether the scrape succeeded. `starts`: when the process
    behind it started anew, so that its counters begin at 0. `marks_ends`: whether Prometheus' marker for the end of a
    series is part of the history.
    """

    labels: Labels
    offset_ms: int
    present: Bools
    answers: Bools
    every: int = 1
    starts: Bools | None = None
    marks_ends: bool = False

    @property
    def due(self) -> Bools:
        return np.asarray(np.arange(self.present.size) % self.every == 0)

    @property
    def scraped(self) -> Bools:
        return np.asarray(self.present & self.answers & self.due)

    def moments_ms(self, timeline: Timeline) -> Ints:
        """When each grid point is scraped, in Unix milliseconds."""
        return timeline.epoch_ms + self.offset_ms + 1000 * SCRAPE_S * np.arange(timeline.size, dtype=np.int64)


@dataclass(frozen=True)
class Series:
    """One series. `name` is exactly what Prometheus stores; values are NaN where it was not exposed."""

    family: str
    kind: str
    name: str
    labels: Labels
    values: Floats
    target: Target


def make_target(
    timeline: Timeline, labels: Labels, *, joins_after: float = 0.0, gaps: Sequence[slice] = (), every: int = 1
) -> Target:
    """A target with an offset of its own, absent before it joins and silent during `gaps`."""
    random = timeline.random("target", *(f"{key}={value}" for key, value in sorted(labels.items())))
    present = np.ones(timeline.size, dtype=np.bool_)
    if joins_after:
        present[: timeline.at(joins_after)] = False
    answers = np.ones(timeline.size, dtype=np.bool_)
    for gap in gaps:
        answers[gap] = False
    offset = int(random.integers(1_000, SCRAPE_S * 1_000 - 1_000))
    return Target(labels, offset + (offset % 1_000 == 0), present, answers, every)


def gauge(target: Target, name: str, values: Floats | Ints | float, /, **labels: str) -> Series:
    return Series(name, "gauge", name, {**target.labels, **labels}, _full(target, values), target)


def unknown(target: Target, name: str, values: Floats | Ints | float, /, **labels: str) -> Series:
    """A series whose name says nothing true about its type, such as an untyped counter without `_total`."""
    return Series(name, "unknown", name, {**target.labels, **labels}, _full(target, values), target)


def counter(
    target: Target, name: str, increments: Floats | Ints, resets: Bools | None = None, /, **labels: str
) -> Series:
    """A counter from what it gained in each interval; it starts anew at 0 where `resets` is set."""
    values = accumulate(increments, either(resets, target.starts))
    family, kind = (name.removesuffix("_total"), "counter") if name.endswith("_total") else (name, "unknown")
    return Series(family, kind, name, {**target.labels, **labels}, values, target)


def running(target: Target, increments: Floats | Ints) -> Floats:
    """The sum since the process behind the target started, for what is counted but not exposed as a counter."""
    return accumulate(increments, target.starts)


def either(one: Bools | None, other: Bools | None) -> Bools | None:
    if one is None or other is None:
        return one if other is None else other
    return np.asarray(one | other)


def began(there: Bools) -> Bools:
    """Where something that was not there comes to be there."""
    return np.asarray(np.diff(there, prepend=True) & there)


def accumulate(increments: Floats | Ints, resets: Bools | None = None) -> Floats:
    """Running sum along the last axis that falls back to 0 at every reset."""
    total = np.cumsum(increments, axis=-1, dtype=np.float64)
    if resets is None or not resets.any():
        return total
    base = np.zeros_like(total)
    for index in np.flatnonzero(resets):
        base[..., index:] = total[..., index : index + 1]
    return np.asarray(total - base)


def where(series: Series, there: Bools) -> Series:
    """The series where it is there, not exposed elsewhere."""
    return replace(series, values=np.where(there, series.values, np.nan))


def _full(target: Target, values: Floats | Ints | float) -> Floats:
    return np.broadcast_to(np.asarray(values, dtype=np.float64), target.present.shape)
