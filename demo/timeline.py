"""The grid every mechanism runs on, and seeded randomness for each part of the cluster."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

SCRAPE_S = 30
LEAD = timedelta(minutes=10)
"""History before the window, so that the first rate of the window looks back on something."""


@dataclass(frozen=True)
class Timeline:
    """Scrape intervals of 30 s; `start` and `end` bound the window, the grid begins `LEAD` earlier."""

    start: datetime
    end: datetime
    seed: int

    @property
    def epoch_ms(self) -> int:
        """Unix milliseconds of the first grid point."""
        return int((self.start - LEAD).timestamp()) * 1000

    @property
    def size(self) -> int:
        return int((self.end - self.start + LEAD).total_seconds()) // SCRAPE_S

    def seconds(self) -> Floats:
        """Unix seconds of every grid point."""
        return self.epoch_ms / 1000 + SCRAPE_S * np.arange(self.size, dtype=np.float64)

    def index(self, since_start: timedelta) -> int:
        """The grid point at that time after the start of the window."""
        return int((since_start + LEAD).total_seconds()) // SCRAPE_S

    def at(self, share: float) -> int:
        """The grid point at that share of the window."""
        return self.index((self.end - self.start) * share)

    def moment(self, index: int) -> datetime:
        return datetime.fromtimestamp(self.epoch_ms / 1000 + SCRAPE_S * index, UTC)

    def random(self, *name: Any) -> np.random.Generator:
        """A generator of its own for each thing named, so that adding one thing leaves the others as they were."""
        return np.random.default_rng([self.seed, crc32("/".join(map(str, name)).encode())])


def wandering(random: np.random.Generator, size: int, minutes: float) -> Floats:
    """A smooth random walk around 0 with unit variance that forgets itself within `minutes`."""
    keep = np.exp(-SCRAPE_S / 60 / minutes)
    noise = random.standard_normal(size) * np.sqrt(1 - keep**2)
    path = np.empty(size)
    level = random.standard_normal()
    for index, shock in enumerate(noise):
        level = keep * level + shock
        path[index] = level
    return path


def bursts(random: np.random.Generator, size: int, a_day: float, scrapes: tuple[int, int]) -> Floats:
    """0 or 1: bursts that come at random, `a_day` on average, each lasting `scrapes` (from, to) intervals."""
    marks = np.zeros(size)
    for begin in np.flatnonzero(random.random(size) < a_day / (86_400 / SCRAPE_S)):
        marks[begin : begin + int(random.integers(*scrapes))] = 1.0
    return marks
