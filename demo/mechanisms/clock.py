"""The clock of one node: how far it is from its source."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from demo.mechanisms.files import Files
from demo.scenario import Clock, Scenario, striking
from demo.timeline import SCRAPE_S, Floats, Timeline
from demo.topology import Node

TOLERANCE_PPM = 500.0
"""By how much the kernel assumes that a clock which nobody sets may go wrong."""
LOST_S = 16.0
"""The error from which on the kernel calls a clock unsynchronised."""


@dataclass(frozen=True)
class ClockLife:
    """Seconds: `offset` from the source, `largest_error` as the kernel reckons it. `steered`: 0 or 1."""

    offset: Floats
    largest_error: Floats
    steered: Floats


def run(timeline: Timeline, node: Node, files: Files, scenarios: Sequence[Scenario]) -> ClockLife:
    """Without a source the offset and the error that is reckoned with grow until the source is back."""
    offset = np.round(2e-5 * files.drift, 9)
    error = np.round(0.02 + 0.5 * np.abs(files.drift), 6)
    for window, fault in striking(timeline, scenarios, node.name, Clock):
        alone_s = SCRAPE_S * np.arange(window.stop - window.start)
        offset[window] += fault.drift_ppm * 1e-6 * alone_s
        error[window] += TOLERANCE_PPM * 1e-6 * alone_s
    return ClockLife(offset, error, np.asarray(error < LOST_S, dtype=np.float64))
