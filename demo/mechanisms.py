"""What happens in the cluster: demand, CPUs, disks and etcd's consensus, each following from the one before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from demo.scenario import Cpu, Disk, Scenario
from demo.timeline import SCRAPE_S, Bools, Floats, Ints, Timeline, bursts, wandering
from demo.topology import Cluster, Node

FSYNC_SIGMA = 0.55
"""Spread of one disk operation's logarithm: the 99th percentile is 3.6 times the median."""
QUEUE_BOUND = 0.6
"""Writers wait for their last operation before they ask for the next one, so the queue of a slow disk stays short."""
SATURATED = 0.97


@dataclass(frozen=True)
class Activity:
    """What users and schedulers want, 1.0 = an ordinary noon. `cron`: 0 or 1."""

    demand: Floats
    cron: Floats


@dataclass(frozen=True)
class Machine:
    """One node. `wanted` and `busy`: share of its CPUs. `pulling`: 0 or 1. Traffic in bytes a second."""

    wanted: Floats
    busy: Floats
    pulling: Floats
    received: Floats
    sent: Floats
    memory_used: Floats


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


@dataclass(frozen=True)
class Consensus:
    """etcd. `leader[i]` is the index of the leading member; proposals a second are the cluster's."""

    leader: Ints
    leader_changes: Ints
    proposals: Floats
    quorum_s: Floats
    pending: Mapping[str, Floats]
    restarts: Mapping[str, Bools]
    defragmentation: Mapping[str, Bools]


@dataclass(frozen=True)
class Life:
    """Everything that happened, from which the exporters read."""

    activity: Activity
    machines: Mapping[str, Machine]
    disks: Mapping[str, DiskLife]
    etcd: Consensus


def live(timeline: Timeline, cluster: Cluster, scenarios: Sequence[Scenario]) -> Life:
    """Run every mechanism over the timeline."""
    activity = _activity(timeline)
    machines = {node.name: _machine(timeline, node, activity, scenarios) for node in cluster.nodes}
    disks = {node.name: _disk(timeline, node, activity, machines[node.name], scenarios) for node in cluster.nodes}
    return Life(activity, machines, disks, _consensus(timeline, cluster, activity, disks))


def disturbed(timeline: Timeline, scenario: Scenario) -> slice:
    """The grid points a scenario holds for."""
    return slice(timeline.index(scenario.start), timeline.index(scenario.start + scenario.duration))


def _activity(timeline: Timeline) -> Activity:
    seconds = timeline.seconds()
    daily = 0.7 - 0.3 * np.cos(2 * np.pi * (seconds % 86_400 - 3 * 3_600) / 86_400)
    drift = 0.06 * wandering(timeline.random("activity"), timeline.size, 20)
    minute = seconds // 60 % 60
    return Activity(np.clip(daily + drift, 0.15, 1.25), np.isin(minute, (0, 15, 30, 45)).astype(np.float64))


def _machine(timeline: Timeline, node: Node, activity: Activity, scenarios: Sequence[Scenario]) -> Machine:
    random = timeline.random("machine", node.name)
    pulling = bursts(random, timeline.size, 8, (3, 8))
    base = 0.22 if node.is_control_plane else 0.30
    wanted = (
        base * (0.5 + activity.demand)
        + 0.03 * wandering(random, timeline.size, 5)
        + 0.12 * activity.cron * (not node.is_control_plane)
        + 0.06 * pulling
    )
    wanted = np.clip(wanted, 0.03, None)
    for scenario in scenarios:
        if isinstance(scenario.disturbs, Cpu) and node.name in scenario.nodes:
            wanted[disturbed(timeline, scenario)] += scenario.disturbs.extra_demand
    traffic = 6e6 * activity.demand * np.exp(0.15 * wandering(random, timeline.size, 10))
    received = np.minimum(traffic + 60e6 * pulling, node.nic_speed)
    used = node.memory * np.clip(0.38 + 0.05 * activity.demand + 0.015 * wandering(random, timeline.size, 90), 0, 0.8)
    return Machine(wanted, np.minimum(wanted, 0.988), pulling, received, 0.8 * traffic, used)


def _disk(
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
    asked = 60 + 110 * activity.demand + 20 * activity.cron + 60 * machine.pulling
    utilisation = np.minimum(asked * service, SATURATED)
    latency = service / (1 - np.minimum(utilisation, QUEUE_BOUND))
    writes = np.minimum(asked, SATURATED / service)
    return DiskLife(service, latency, utilisation, reads=0.15 * writes + 15 * machine.pulling, writes=writes)


def _consensus(timeline: Timeline, cluster: Cluster, activity: Activity, disks: Mapping[str, DiskLife]) -> Consensus:
    members = [node.name for node in cluster.control_plane]
    latency = np.vstack([disks[member].latency_s for member in members])
    leader, changes = _elections(latency)
    everyone = np.arange(timeline.size)
    others = np.sort(np.where(np.arange(len(members))[:, None] == leader, np.inf, latency), axis=0)
    quorum = np.maximum(latency[leader, everyone], others[0])
    proposals = np.minimum(35 + 90 * activity.demand + 30 * activity.cron, 64 / quorum)
    random = timeline.random("etcd")
    pending = {
        member: random.poisson(np.clip(proposals * latency[place], 0, 900)).astype(np.float64)
        for place, member in enumerate(members)
    }
    return Consensus(
        leader,
        changes,
        proposals,
        quorum,
        pending,
        {member: _mark(timeline, 0.62 if place == len(members) - 1 else None) for place, member in enumerate(members)},
        {member: _mark(timeline, 0.47 + 0.002 * place) for place, member in enumerate(members)},
    )


def _elections(latency_s: Floats, patience_s: float = 0.2) -> tuple[Ints, Ints]:
    """Who leads, and how often that changed: a leader held up by its disk for a minute loses to the fastest."""
    size = latency_s.shape[1]
    leader = np.zeros(size, dtype=np.int64)
    changes = np.zeros(size, dtype=np.int64)
    current, late = 0, 0
    for index in range(size):
        late = late + SCRAPE_S if latency_s[current, index] > patience_s / 2 else 0
        if late >= 60:
            current, late = int(np.argmin(latency_s[:, index])), 0
            changes[index] = 1
        leader[index] = current
    return leader, changes


def _mark(timeline: Timeline, share: float | None) -> Bools:
    marks = np.zeros(timeline.size, dtype=np.bool_)
    if share is not None:
        marks[timeline.at(share)] = True
    return marks
