"""How far one etcd member is from the others."""

from collections.abc import Sequence

import numpy as np

from demo.scenario import Distance, Scenario, striking
from demo.timeline import Floats, Timeline
from demo.topology import Node


def run(timeline: Timeline, node: Node, scenarios: Sequence[Scenario]) -> Floats:
    """Seconds that a round trip between the member and any other takes beside its usual time."""
    longer = np.zeros(timeline.size)
    for window, fault in striking(timeline, scenarios, node.name, Distance):
        longer[window] += fault.round_trip_s
    return longer
