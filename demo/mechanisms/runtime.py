"""The container runtime of one node: how long the kubelet waits for it."""

from collections.abc import Sequence

import numpy as np

from demo.scenario import Runtime, Scenario, striking
from demo.timeline import Floats, Timeline
from demo.topology import Node


def run(timeline: Timeline, node: Node, scenarios: Sequence[Scenario]) -> Floats:
    """Seconds that the runtime takes longer than usual to list what it runs; other calls wait for a part of that."""
    slower = np.zeros(timeline.size)
    for window, fault in striking(timeline, scenarios, node.name, Runtime):
        slower[window] += fault.listing_s
    return slower
