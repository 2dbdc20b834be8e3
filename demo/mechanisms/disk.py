"""The disk of one node: a queue with one server."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from demo.mechanisms.activity import Activity
from demo.mechanisms.machine import Machine
from demo.scenario import Disk, Scenario, disturbed
from demo.timeline import Floats, Timeline, wandering
from demo.topology import Node

QUEUE_BOUND = 0.6
"""Writers wait for their last operation before they ask for the next one, so the queue of a slow disk stays short."""
DROPPED_PAGES = 220.0
"""Reads a second of pages that were dropped, where memory is as short as can be; one brings in several."""
SATURATED = 0.97


@dataclass(frozen=True)
class DiskLife:
    """One disk: `service_s` is what an operation takes on an idle queue, `latency_s` the median with the queue.

    `utilisation` is the share of time the disk has something to do; rates are operations a second.
    """

    service_s: Floats
    latency_s: Floats
    utilisation: Floats
    reads: Floats
    writes: Floats


def run(
    timeline: Timeline, node: Node, activity: Activity, machine: Machine, scenarios: Sequence[Scenario]
) -> DiskLife:
    """A queue with one server: the latency is the service time over the idle share of the disk.

    A disk serves no more than its service time allows: a slow one is busy all the time and its throughput falls.
    """
    random = timeline.random("disk", node.name)
    service = 0.0012 * np.exp(0.36 * np.clip(wandering(random, timeline.size, 25), -1.4, 1.8))
    for scenario in scenarios:
        if isinstance(scenario.disturbs, Disk) and node.name in scenario.nodes:
            service[disturbed(timeline, scenario)] *= scenario.disturbs.service_time_factor
    asked = 60 + 110 * activity.demand + 20 * activity.cron + 60 * machine.pulling + DROPPED_PAGES * machine.starved
    utilisation = np.minimum(asked * service, SATURATED)
    latency = service / (1 - np.minimum(utilisation, QUEUE_BOUND))
    writes = np.minimum(asked, SATURATED / service)
    return DiskLife(
        service,
        latency,
        utilisation,
        reads=0.15 * writes + 15 * machine.pulling + DROPPED_PAGES * machine.starved,
        writes=writes,
    )
