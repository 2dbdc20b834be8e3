"""How the cluster is watched: targets that do not answer, and rules of Prometheus that fail."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from demo.scenario import Rules, Scenario, Silence, disturbed, striking
from demo.timeline import Floats, Timeline
from demo.topology import Cluster


@dataclass(frozen=True)
class Watching:
    """`silent`: when targets do not answer, by node and job. `failures`: rules that fail at an evaluation, by group."""

    silent: Mapping[tuple[str, str], Sequence[slice]]
    failures: Mapping[str, Floats]


def run(timeline: Timeline, cluster: Cluster, scenarios: Sequence[Scenario]) -> Watching:
    silent: dict[tuple[str, str], list[slice]] = {}
    for node in cluster.nodes:
        for window, fault in striking(timeline, scenarios, node.name, Silence):
            for job in fault.jobs:
                silent.setdefault((node.name, job), []).append(window)
    failures: dict[str, Floats] = {}
    for scenario in scenarios:
        if isinstance(scenario.disturbs, Rules):
            failing = failures.setdefault(scenario.disturbs.group, np.zeros(timeline.size))
            failing[disturbed(timeline, scenario)] += scenario.disturbs.failures
    return Watching(silent, failures)
