"""A rolling upgrade: what restarts when, which node is away when, and which release runs where. No fault, but life."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import NamedTuple

import numpy as np

from demo.timeline import SCRAPE_S, Bools, Floats, Ints, Timeline
from demo.topology import Cluster, Node, Pod
from ocpperf_mcp.contracts.errors import OcpperfError

MINUTE = 60 // SCRAPE_S
"""Grid points."""
ROLLED_OUT = {"etcd": (3 * MINUTE, 1), "kube-apiserver": (4 * MINUTE, 2 * MINUTE), "kube-controller-manager": (4, 1)}
"""Static pods by operator: grid points between two restarts, and those that one restart takes."""
BUSY_AFTER = 4 * MINUTE
"""Grid points after a node's return in which its pods start and pull their images."""


@dataclass(frozen=True)
class Turn:
    """One node's turn, as grid points: `down` is the first without the node, `back` the first with it again."""

    cordoned: int
    down: int
    boots: int
    back: int
    uncordoned: int

    @property
    def drained(self) -> int:
        return self.cordoned + 2

    @property
    def refilled(self) -> int:
        return self.uncordoned + 1


class Move(NamedTuple):
    """A pod ends, and one in its place begins; grid points."""

    ends: int
    begins: int
    node: Node


@dataclass(frozen=True)
class Upgrade:
    """Grid points of an upgrade; one that never happens begins after the last. `size`: points of the whole grid.

    `operators`: when each is progressing. `restarts`: when the static pods of an operator are away, by node.
    `rollout`: when the node gets its new ovnkube. `turns`: when the node reboots into the new release.
    """

    size: int
    begins: int
    applies: int
    ends: int
    operators: Mapping[str, slice] = field(default_factory=dict)
    restarts: Mapping[str, Mapping[str, slice]] = field(default_factory=dict)
    rollout: Mapping[str, int] = field(default_factory=dict)
    turns: Mapping[str, Turn] = field(default_factory=dict)

    @property
    def happens(self) -> bool:
        return self.begins < self.size

    def away(self, node: Node, component: str = "") -> list[slice]:
        """When what runs on the node does not answer: while it reboots, and while the component restarts."""
        turn, restart = self.turns.get(node.name), self.restarts.get(component, {}).get(node.name)
        return [*([restart] if restart else []), *([slice(turn.down, turn.back)] if turn else [])]

    def started(self, node: Node, component: str = "") -> Bools | None:
        """When counters of the component on the node begin anew; None: never."""
        turn, restart = self.turns.get(node.name), self.restarts.get(component, {}).get(node.name)
        return self._marks([*([restart.stop - 1] if restart else []), *([turn.boots] if turn else [])])

    def restarted(self, node: Node, component: str = "") -> Bools | None:
        """When the API server hears that containers of the component run again."""
        turn, restart = self.turns.get(node.name), self.restarts.get(component, {}).get(node.name)
        return self._marks([*([restart.stop] if restart else []), *([turn.back] if turn else [])])

    def moves(self, pod: Pod, hosts: Sequence[Node]) -> list[Move]:
        """What becomes of a pod: drained ones go to the next of `hosts`, or come back where no other can take them."""
        if pod.owner == "ovnkube-node" and pod.node.name in self.rollout:
            point = self.rollout[pod.node.name]
            return [Move(point, point + 1, pod.node)]
        if pod.owner_kind != "ReplicaSet":
            return []
        if len(hosts) < 2:
            turn = self.turns.get(pod.node.name)
            return [Move(turn.drained, turn.refilled, pod.node)] if turn else []
        drained = [self.turns[host.name].drained for host in hosts if host.name in self.turns]
        return [Move(at, at + 1, hosts[(place + 1) % len(hosts)]) for place, at in enumerate(drained)]

    def answering(self, nodes: Sequence[Node], component: str = "") -> Bools:
        """Which of the nodes' components answer, by node and grid point."""
        answers = np.ones((len(nodes), self.size), dtype=np.bool_)
        for place, node in enumerate(nodes):
            for gap in self.away(node, component):
                answers[place, gap] = False
        return answers

    def hosting(self, nodes: Sequence[Node]) -> Bools:
        """Which of the nodes run pods that a drain takes away, by node and grid point."""
        hosts = np.ones((len(nodes), self.size), dtype=np.bool_)
        for place, node in enumerate(nodes):
            turn = self.turns.get(node.name)
            if turn is not None:
                hosts[place, turn.drained : turn.refilled] = False
        return hosts

    def during(self, begin: int, end: int) -> Floats:
        """1 from one grid point to before another, else 0."""
        points = np.arange(self.size)
        return np.asarray((points >= begin) & (points < end), dtype=np.float64)

    def starting(self, node: Node) -> Floats:
        """1 while the machine config is put in place, and while pods start after the boot, else 0."""
        turn = self.turns.get(node.name)
        if turn is None:
            return np.zeros(self.size)
        return self.during(turn.cordoned - 2 * MINUTE, turn.cordoned) + self.during(turn.boots, turn.back + BUSY_AFTER)

    def _marks(self, points: Sequence[int]) -> Bools | None:
        if not points:
            return None
        marks = np.zeros(self.size, dtype=np.bool_)
        marks[points] = True
        return marks


def holder(there: Bools) -> Ints:
    """Who holds a lease at each grid point: whoever has it until it is away, then the next that is there."""
    held, current = np.zeros(there.shape[1], dtype=np.int64), 0
    for index in range(there.shape[1]):
        while not there[current, index] and there[:, index].any():
            current = (current + 1) % there.shape[0]
        held[index] = current
    return held


def plan(timeline: Timeline, cluster: Cluster, begins_after: timedelta | None) -> Upgrade:
    """The upgrade that begins that long after the start of the window; None: there is none.

    First the operators, one after the other, then the nodes, masters first, one at a time. OpenShift calls a release
    completed as soon as the masters have it, and its pools of workers go on beside them; here it waits for all nodes.
    Raises OcpperfError when it is not over before the window ends.
    """
    if begins_after is None:
        return Upgrade(timeline.size, timeline.size, timeline.size, timeline.size)
    begins = timeline.index(begins_after)
    applies = point = begins + 2 * MINUTE
    operators, restarts = {}, {}
    for component, (every, takes) in ROLLED_OUT.items():
        firsts = [point + 2 * MINUTE + every * place for place in range(len(cluster.control_plane))]
        restarts[component] = {
            node.name: slice(first, first + takes) for node, first in zip(cluster.control_plane, firsts, strict=True)
        }
        operators[component] = slice(point, firsts[-1] + every)
        point = firsts[-1] + every
    operators["monitoring"] = slice(point, point + 4 * MINUTE)
    nodes = [node for node in cluster.nodes if not node.joins_after or timeline.at(node.joins_after) < point]
    rollout = {node.name: point + (5 + place) * MINUTE for place, node in enumerate(nodes)}
    operators["network"] = slice(point + 4 * MINUTE, point + (6 + len(nodes)) * MINUTE)
    turns = dict(_turns(timeline, nodes, operators["network"].stop + 3 * MINUTE))
    ends = max(turn.uncordoned for turn in turns.values()) + MINUTE
    operators["machine-config"] = slice(operators["network"].stop, ends)
    if ends >= timeline.size:
        over = timeline.moment(ends) - timeline.start
        raise OcpperfError(f"The upgrade ends {over} after the start.", "Simulate more hours or begin it earlier.")
    return Upgrade(timeline.size, begins, applies, ends, operators, restarts, rollout, turns)


def _turns(timeline: Timeline, nodes: Sequence[Node], point: int) -> Iterator[tuple[str, Turn]]:
    for node in nodes:
        random = timeline.random("upgrade", node.name)
        down = point + int(random.integers(3, 7))
        boots, back = down + int(random.integers(6, 9)), down + int(random.integers(11, 14))
        uncordoned = back + 2
        yield node.name, Turn(point, down, boots, back, uncordoned)
        point = uncordoned + int(random.integers(2, 5))
