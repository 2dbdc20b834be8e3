"""What users and schedulers want from the cluster, over the day."""

from dataclasses import dataclass

import numpy as np

from demo.timeline import Floats, Timeline, wandering


@dataclass(frozen=True)
class Activity:
    """What users and schedulers want, 1.0 = an ordinary noon. `cron`: 0 or 1."""

    demand: Floats
    cron: Floats


def run(timeline: Timeline) -> Activity:
    seconds = timeline.seconds()
    daily = 0.7 - 0.3 * np.cos(2 * np.pi * (seconds % 86_400 - 3 * 3_600) / 86_400)
    drift = 0.06 * wandering(timeline.random("activity"), timeline.size, 20)
    minute = seconds // 60 % 60
    return Activity(np.clip(daily + drift, 0.15, 1.25), np.isin(minute, (0, 15, 30, 45)).astype(np.float64))
