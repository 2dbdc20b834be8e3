"""Links of one node beside the one that carries its traffic: a second one for storage, and the ports of a bond."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from demo.scenario import Bond, Flaps, Scenario, striking
from demo.timeline import SCRAPE_S, Floats, Timeline
from demo.topology import Node


@dataclass(frozen=True)
class Second:
    """A second link. `up`: 0 or 1 at each scrape; `changes`: those between up and down since the last scrape."""

    device: str
    up: Floats
    changes: Floats


@dataclass(frozen=True)
class Ports:
    """`second`: None on nodes without one. `lost`: how many ports of the bond carry nothing."""

    second: Second | None
    lost: Floats


def run(timeline: Timeline, node: Node, scenarios: Sequence[Scenario]) -> Ports:
    """A flapping link changes at a steady pace; whether a scrape finds it up is what that leaves at its moment."""
    lost, second = np.zeros(timeline.size), None
    for window, fault in striking(timeline, scenarios, node.name, Bond):
        lost[window] += fault.lost
    for window, flaps in striking(timeline, scenarios, node.name, Flaps):
        pace = np.zeros(timeline.size)
        pace[window] = flaps.changes_a_minute * SCRAPE_S / 60
        changes = np.floor(np.cumsum(pace) + 0.5)
        down = changes % 2 * (pace > 0)
        second = Second(flaps.device, 1 - down, np.diff(changes, prepend=0.0))
    return Ports(second, lost)
