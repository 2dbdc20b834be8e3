"""Open vSwitch on one node: what its daemon does not take from the kernel in time."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from demo.scenario import Scenario, Upcalls, striking
from demo.timeline import Floats, Timeline
from demo.topology import Node


@dataclass(frozen=True)
class Switch:
    """A second: lookups `lost`, with the packets that asked for them, and `overflows` of the daemon's socket."""

    lost: Floats
    overflows: Floats


def run(timeline: Timeline, node: Node, scenarios: Sequence[Scenario]) -> Switch:
    lost, overflows = np.zeros(timeline.size), np.zeros(timeline.size)
    for window, fault in striking(timeline, scenarios, node.name, Upcalls):
        lost[window] += fault.lost_a_second
        overflows[window] += fault.overflows_a_minute / 60
    return Switch(lost, overflows)
