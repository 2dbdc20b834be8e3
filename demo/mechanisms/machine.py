"""CPUs, memory and traffic of one node."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from demo.mechanisms.activity import Activity
from demo.mechanisms.upgrade import Upgrade
from demo.scenario import Cpu, Memory, Scenario, disturbed, striking
from demo.timeline import Floats, Timeline, bursts, wandering
from demo.topology import Node

STARTING = 0.25
"""Share of the CPUs that all pods of a node together want beside their usual while they start."""
ENOUGH = 0.88
"""Share of memory up to which the kernel finds pages for everybody without dropping those of programs."""


@dataclass(frozen=True)
class Machine:
    """One node. `wanted` and `busy`: share of its CPUs. `pulling`: 0 or 1. Traffic in bytes a second.

    `memory_used`: bytes. `starved`: how short memory is, from 0 to 1.
    """

    wanted: Floats
    busy: Floats
    pulling: Floats
    received: Floats
    sent: Floats
    memory_used: Floats
    starved: Floats


def run(timeline: Timeline, node: Node, activity: Activity, scenarios: Sequence[Scenario], rolling: Upgrade) -> Machine:
    random = timeline.random("machine", node.name)
    pulling = np.maximum(bursts(random, timeline.size, 8, (3, 8)), rolling.starting(node))
    base = 0.22 if node.is_control_plane else 0.30
    wanted = (
        base * (0.5 + activity.demand)
        + 0.03 * wandering(random, timeline.size, 5)
        + 0.12 * activity.cron * (not node.is_control_plane)
        + 0.06 * pulling
    )
    wanted = np.clip(wanted, 0.03, None) + STARTING * rolling.starting(node)
    for scenario in scenarios:
        if isinstance(scenario.disturbs, Cpu) and node.name in scenario.nodes:
            wanted[disturbed(timeline, scenario)] += scenario.disturbs.extra_demand
    traffic = 6e6 * activity.demand * np.exp(0.15 * wandering(random, timeline.size, 10))
    received = np.minimum(traffic + 60e6 * pulling, node.nic_speed)
    used = node.memory * np.clip(0.38 + 0.05 * activity.demand + 0.015 * wandering(random, timeline.size, 90), 0, 0.8)
    for window, fault in striking(timeline, scenarios, node.name, Memory):
        taken = np.minimum(np.linspace(0, 6, window.stop - window.start), 1.0)
        used[window] += taken * (fault.used * node.memory - used[window])
    starved = np.clip((used / node.memory - ENOUGH) / (1 - ENOUGH), 0, 1)
    return Machine(wanted, np.minimum(wanted, 0.988), pulling, received, 0.8 * traffic, used, starved)
