"""The network link of one node: what it carries, what finds no room, what is sent again."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from demo.mechanisms.machine import Machine
from demo.scenario import Errors, Nic, Scenario, disturbed, striking
from demo.timeline import SCRAPE_S, Floats, Timeline
from demo.topology import Node

CARRIED = 0.985
"""Share of a link's speed that payload and headers can use; preamble and gaps between frames take the rest."""
SEGMENT = 1_100.0
"""Bytes an average segment carries."""
RETRANSMITTED = 0.003
"""The share of TCP segments that any busy network sends twice."""


@dataclass(frozen=True)
class Link:
    """Bytes a second that the link carried, and shares of the packets offered to it: dropped, sent again.

    `squeezed`: how often a second a CPU left packets waiting because its budget was used up.
    `damaged`: share of the packets that arrive with a wrong checksum.
    """

    received: Floats
    sent: Floats
    receive_drops: Floats
    transmit_drops: Floats
    retransmitted: Floats
    squeezed: Floats
    damaged: Floats


def run(timeline: Timeline, node: Node, machine: Machine, scenarios: Sequence[Scenario]) -> Link:
    """What is offered beyond the speed of the link is dropped; senders notice and send it again."""
    extra = np.zeros(timeline.size)
    for scenario in scenarios:
        if isinstance(scenario.disturbs, Nic) and node.name in scenario.nodes:
            extra[disturbed(timeline, scenario)] += scenario.disturbs.extra_traffic * node.nic_speed
    damaged = np.zeros(timeline.size)
    for window, fault in striking(timeline, scenarios, node.name, Errors):
        damaged[window] = fault.damaged
    bound = CARRIED * node.nic_speed
    arriving, leaving = machine.received + extra, machine.sent + 0.9 * extra
    lost_in, lost_out = (np.clip(1 - bound / offered, 0, None) for offered in (arriving, leaving))
    utilisation = np.minimum(arriving, bound) / node.nic_speed
    return Link(
        np.minimum(arriving, bound),
        np.minimum(leaving, bound),
        0.02 / SCRAPE_S / np.maximum(arriving / SEGMENT, 1) + lost_in,
        lost_out,
        RETRANSMITTED + 0.5 * (lost_in + lost_out + damaged),
        0.02 + 400 * np.clip(utilisation - 0.7, 0, None) ** 2,
        damaged,
    )
