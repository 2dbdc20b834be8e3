"""Targets and the series they expose, as plain arrays on the timeline's grid."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from demo.timeline import SCRAPE_S, Bools, Floats, Ints, Timeline

Labels = Mapping[str, str]


@dataclass(frozen=True)
class Target:
    """One scrape target. `offset_ms` is never 0, so no scrape falls on a step; `every` counts grid points.

    `present`: whether there is a target at all; `answers`: whether the scrape succeeded.
    """

    labels: Labels
    offset_ms: int
    present: Bools
    answers: Bools
    every: int = 1

    @property
    def scraped(self) -> Bools:
        due = np.arange(self.present.size) % self.every == 0
        return np.asarray(self.present & self.answers & due)

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
    timeline: Timeline, labels: Labels, *, joins_after: float = 0.0, gap: slice | None = None, every: int = 1
) -> Target:
    """A target with an offset of its own, absent before it joins and silent during `gap`."""
    random = timeline.random("target", *(f"{key}={value}" for key, value in sorted(labels.items())))
    present = np.ones(timeline.size, dtype=np.bool_)
    if joins_after:
        present[: timeline.at(joins_after)] = False
    answers = np.ones(timeline.size, dtype=np.bool_)
    if gap is not None:
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
    values = accumulate(increments, resets)
    family, kind = (name.removesuffix("_total"), "counter") if name.endswith("_total") else (name, "unknown")
    return Series(family, kind, name, {**target.labels, **labels}, values, target)


def accumulate(increments: Floats | Ints, resets: Bools | None = None) -> Floats:
    """Running sum along the last axis that falls back to 0 at every reset."""
    total = np.cumsum(increments, axis=-1, dtype=np.float64)
    if resets is None or not resets.any():
        return total
    base = np.zeros_like(total)
    for index in np.flatnonzero(resets):
        base[..., index:] = total[..., index : index + 1]
    return np.asarray(total - base)


def _full(target: Target, values: Floats | Ints | float) -> Floats:
    return np.broadcast_to(np.asarray(values, dtype=np.float64), target.present.shape)
