"""What one API server is asked, and what becomes of it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from demo.scenario import ClientErrors, Overload, Scenario, striking
from demo.timeline import Floats, Timeline
from demo.topology import Node


@dataclass(frozen=True)
class Requests:
    """`asked`: times the usual. `refused`: share that is turned away; what is served waits `waits_s` for a seat.

    `failing`: share of what the server and the controllers on its node ask for that ends in an error.
    """

    asked: Floats
    refused: Floats
    waits_s: Floats
    failing: Floats

    @property
    def served(self) -> Floats:
        """Times as much as is served usually."""
        return self.asked * (1 - self.refused)


def run(timeline: Timeline, node: Node, scenarios: Sequence[Scenario]) -> Requests:
    asked, refused, waits, failing = (np.full(timeline.size, usual) for usual in (1.0, 0.0, 0.0, 0.0))
    for window, fault in striking(timeline, scenarios, node.name, Overload):
        asked[window], refused[window], waits[window] = fault.asked, fault.refused, fault.waits_s
    for window, errors in striking(timeline, scenarios, node.name, ClientErrors):
        failing[window] = errors.failing
    return Requests(asked, refused, waits, failing)
