"""etcd's members: who leads, how long a quorum takes, what waits."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from demo.mechanisms.activity import Activity
from demo.mechanisms.disk import DiskLife
from demo.mechanisms.upgrade import Upgrade
from demo.timeline import SCRAPE_S, Bools, Floats, Ints, Timeline
from demo.topology import Cluster


@dataclass(frozen=True)
class Consensus:
    """etcd. `leader[i]` is the index of the leading member; proposals a second are the cluster's."""

    leader: Ints
    leader_changes: Ints
    proposals: Floats
    quorum_s: Floats
    pending: Mapping[str, Floats]
    restarts: Mapping[str, Bools]


def run(
    timeline: Timeline,
    cluster: Cluster,
    activity: Activity,
    disks: Mapping[str, DiskLife],
    away: Mapping[str, Floats],
    rolling: Upgrade,
) -> Consensus:
    members = [node.name for node in cluster.control_plane]
    there = rolling.answering(cluster.control_plane, "etcd")
    latency = np.vstack([disks[member].latency_s for member in members])
    leader, changes = _elections(latency, there)
    everyone = np.arange(timeline.size)
    # What the leader sends to a follower comes back when that has written it down.
    distance = np.vstack([away[member] for member in members])
    answers = latency + distance + distance[leader, everyone]
    others = np.sort(np.where((np.arange(len(members))[:, None] == leader) | ~there, np.inf, answers), axis=0)
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
    )


def _elections(latency_s: Floats, there: Bools, patience_s: float = 0.2) -> tuple[Ints, Ints]:
    """Who leads, and how often that changed: a leader held up by its disk for a minute loses to the fastest.

    One that stops hands the lead over at once.
    """
    size = latency_s.shape[1]
    leader = np.zeros(size, dtype=np.int64)
    changes = np.zeros(size, dtype=np.int64)
    current, late = 0, 0
    for index in range(size):
        late = late + SCRAPE_S if latency_s[current, index] > patience_s / 2 else 0
        if late >= 60 or not there[current, index]:
            current, late = int(np.argmin(np.where(there[:, index], latency_s[:, index], np.inf))), 0
            changes[index] = 1
        leader[index] = current
    return leader, changes


def _mark(timeline: Timeline, share: float | None) -> Bools:
    marks = np.zeros(timeline.size, dtype=np.bool_)
    if share is not None:
        marks[timeline.at(share)] = True
    return marks
