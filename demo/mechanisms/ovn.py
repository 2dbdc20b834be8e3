"""OVN-Kubernetes on one node: its zone's databases, the daemons between them, how long a pod waits for its network."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from demo.mechanisms.machine import Machine
from demo.scenario import Cni, Scenario, SouthboundStall, disturbed, striking
from demo.timeline import Floats, Timeline, wandering
from demo.topology import Node

HEARTBEAT_S = 60.0
"""Seconds between two timestamps that ovnkube writes into the northbound database and looks for in the southbound."""


@dataclass(frozen=True)
class Ovn:
    """Timestamps in Unix seconds as the databases hold them; loops and waits in seconds.

    `failing`: share of the requests for a pod's network that fail and are made again.
    """

    northbound: Floats
    southbound: Floats
    connected: Floats
    northd_loop: Floats
    flow_generation: Floats
    port_binding: Floats
    northbound_size: Floats
    southbound_size: Floats
    failing: Floats


def run(timeline: Timeline, node: Node, machine: Machine, scenarios: Sequence[Scenario]) -> Ovn:
    """While the southbound database stands still, ovn-controller hears of nothing and no pod gets its port bound."""
    random = timeline.random("ovn", node.name)
    stalled = np.zeros(timeline.size, dtype=np.bool_)
    for scenario in scenarios:
        if isinstance(scenario.disturbs, SouthboundStall) and node.name in scenario.nodes:
            stalled[disturbed(timeline, scenario)] = True
    failing = np.zeros(timeline.size)
    for window, fault in striking(timeline, scenarios, node.name, Cni):
        failing[window] = fault.failing
    written = np.floor(timeline.seconds() / HEARTBEAT_S) * HEARTBEAT_S
    busy = 1 / (1.1 - np.minimum(machine.busy, 1.0))
    noise = np.exp(0.2 * wandering(random, timeline.size, 15))
    grown = np.arange(timeline.size) / timeline.size
    return Ovn(
        northbound=written,
        southbound=np.maximum.accumulate(np.where(stalled, 0.0, written)),
        connected=np.where(stalled, 0.0, 1.0),
        northd_loop=np.where(stalled, 4.0, 0.030) * busy * noise,
        flow_generation=np.where(stalled, 0.0, 0.012) * busy * noise,
        port_binding=np.where(stalled, 45.0, 0.12) * busy * noise,
        northbound_size=np.round(9e6 + 1e6 * grown),
        southbound_size=np.round(34e6 + 3e6 * grown),
        failing=failing,
    )
