"""etcd's database: what the cluster stores, and the file of each member, which only a defragmentation makes smaller."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from demo.mechanisms.activity import Activity
from demo.scenario import Growth, Scenario, disturbed
from demo.timeline import Bools, Floats, Timeline
from demo.topology import Cluster

QUOTA = 8 * 1024**3
FIRST_FILE = 1.6e9
"""Bytes of a file that was last defragmented long ago; too little of it is free for the operator to mend it."""
BYTES_AN_OBJECT = 14_000.0


@dataclass(frozen=True)
class Database:
    """`used`: bytes in use of every member. `file`: bytes on disk by member. `objects`: those beyond the usual."""

    used: Floats
    file: Mapping[str, Floats]
    objects: Floats
    defragmentation: Mapping[str, Bools]


def run(timeline: Timeline, cluster: Cluster, activity: Activity, scenarios: Sequence[Scenario]) -> Database:
    """A scenario fills the database steadily; at its end the objects are deleted and every member is defragmented."""
    ordinary = 900e6 + 60e6 * np.arange(timeline.size) / timeline.size + 20e6 * activity.demand
    grown, ends = np.zeros(timeline.size), []
    for scenario in scenarios:
        if isinstance(scenario.disturbs, Growth):
            window = disturbed(timeline, scenario)
            top = scenario.disturbs.grows_to * QUOTA / 1.05 - ordinary[window]
            grown[window] += np.linspace(0, 1, window.stop - window.start) * top
            ends.append(window.stop)
    used = ordinary + grown
    defragmentation = {member.name: _marks(timeline, place, ends) for place, member in enumerate(cluster.control_plane)}
    return Database(
        used,
        {member: _file(used, marks) for member, marks in defragmentation.items()},
        np.asarray(np.round(grown / BYTES_AN_OBJECT)),
        defragmentation,
    )


def _marks(timeline: Timeline, place: int, ends: Sequence[int]) -> Bools:
    """When a member is defragmented: once a day, and after each growth; one member after the other."""
    marks = np.zeros(timeline.size, dtype=np.bool_)
    for point in (timeline.at(0.47 + 0.002 * place), *(end + 4 * place for end in ends)):
        marks[min(point, timeline.size - 1)] = True
    return marks


def _file(used: Floats, defragmented: Bools) -> Floats:
    """A file grows with what is in use and keeps its size until it is defragmented."""
    file = np.empty_like(used)
    begin, least, slack = 0, FIRST_FILE, 1.05
    for end in [*np.flatnonzero(defragmented), used.size]:
        file[begin:end] = np.maximum.accumulate(np.maximum(slack * used[begin:end], least))
        begin, least, slack = end, 0.0, 1.08
    return file
