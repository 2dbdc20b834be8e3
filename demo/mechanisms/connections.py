"""Connections that the kernel of one node tracks."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from demo.mechanisms.activity import Activity
from demo.scenario import Connections, Scenario, striking
from demo.timeline import SCRAPE_S, Floats, Timeline
from demo.topology import Node

TABLE = 262_144
"""Connections that the table has room for."""


@dataclass(frozen=True)
class Tracked:
    """`entries` of the table, and `opened`: connections a second beside those that ordinary demand brings."""

    entries: Floats
    opened: Floats


def run(timeline: Timeline, node: Node, activity: Activity, scenarios: Sequence[Scenario]) -> Tracked:
    """A scenario opens connections steadily for half of its time and keeps them; they end with it."""
    entries, opened = np.round(3_000 + 9_000 * activity.demand), np.zeros(timeline.size)
    for window, fault in striking(timeline, scenarios, node.name, Connections):
        grown = np.minimum(np.linspace(0, 2, window.stop - window.start), 1.0)
        entries[window] += np.round(grown * (fault.fills_to * TABLE - entries[window]))
        opened[window] = np.clip(np.diff(entries[window], prepend=entries[window.start]), 0, None) / SCRAPE_S
    return Tracked(entries, opened)
