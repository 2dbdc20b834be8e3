"""The file system of one node: how full it is."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from demo.scenario import Filling, Scenario, striking
from demo.timeline import Floats, Timeline, wandering
from demo.topology import Node


@dataclass(frozen=True)
class Files:
    """`filled`: share of the file system in use. `drift`: what wanders slowly with what the node does, around 0."""

    filled: Floats
    drift: Floats


def run(timeline: Timeline, node: Node, scenarios: Sequence[Scenario]) -> Files:
    """A scenario fills it steadily for half of its time, leaves it full, and removes the files at its end."""
    # The node's name stands for its exporter here: files and clock wander as they always did.
    drift = 0.01 * wandering(timeline.random("node", node.name, "files"), timeline.size, 200)
    filled = np.clip(0.42 + 0.03 * np.linspace(0, 1, timeline.size) + drift, 0.1, 0.7)
    for window, fault in striking(timeline, scenarios, node.name, Filling):
        grown = np.minimum(np.linspace(0, 2, window.stop - window.start), 1.0)
        filled[window] += grown * (fault.fills_to - filled[window])
    return Files(filled, drift)
