"""The kube-controller-manager's metrics, one target a master; controllers and their queues run in the leader alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from demo.histogram import Operations, latency
from demo.mechanisms.upgrade import holder
from demo.series import Series, Target, began, counter, gauge, where
from demo.timeline import SCRAPE_S, Bools, Floats
from demo.topology import Node
from demo.world import World

QUEUE_BOUNDS = tuple(10.0**k for k in range(-8, 2))
CALLS = {"200": 0.93, "201": 0.05, "404": 0.015, "409": 0.005, "500": 0.0}
"""Shares of what a controller's requests to the API server end in."""


class _Queue(NamedTuple):
    name: str
    a_second: float
    work_s: float


QUEUES = (_Queue("endpoint_slice", 1.6, 0.004), _Queue("garbage_collector_graph_changes", 14.0, 0.00006),
          _Queue("replicaset", 0.9, 0.012))  # fmt: skip


def series(world: World) -> Iterator[Series]:
    leader = holder(world.upgrade.answering(world.cluster.control_plane, "kube-controller-manager"))
    for place, node in enumerate(world.cluster.control_plane):
        yield from _Manager(world, node, world.controller_manager(node), leader == place).series()


@dataclass(frozen=True)
class _Manager:
    world: World
    node: Node
    target: Target
    leads: Bools

    def series(self) -> Iterator[Series]:
        name = "leader_election_master_status"
        yield gauge(self.target, name, self.leads.astype(np.float64), name="kube-controller-manager")
        yield from self._calls()
        if self.leads.any():
            for queue in QUEUES:
                for one in self._queue(queue):
                    yield where(one, self.leads)

    def _random(self, *what: str) -> np.random.Generator:
        return self.world.timeline.random("kube-controller-manager", self.node.name, *what)

    def _calls(self) -> Iterator[Series]:
        asked = np.where(self.leads, 22.0 * self.world.life.activity.demand + 1.0, 0.5)
        host = f"{self.node.ip}:6443"
        for code, share in CALLS.items():
            failing = self.world.life.requests[self.node.name].failing
            ends = failing if code == "500" else share * (1 - failing)
            count = self._random("calls", code).poisson(asked * ends * SCRAPE_S)
            yield counter(self.target, "rest_client_requests_total", count, code=code, method="GET", host=host)

    def _queue(self, queue: _Queue) -> Iterator[Series]:
        """Items are worked on one after another; each change waits for etcd's quorum, and the next item for it."""
        rate = queue.a_second * (0.3 + 0.7 * self.world.life.activity.demand)
        count = self._random(queue.name).poisson(rate * SCRAPE_S)
        work = queue.work_s + (2 * self.world.life.etcd.quorum_s if queue.work_s > 0.001 else 0.0)
        work = np.broadcast_to(work, count.shape)
        busy = np.minimum(rate * work, 0.98)
        yield from self._durations("work", queue, Operations(count, work, 0.6))
        yield from self._durations("queue", queue, Operations(count, 0.00002 + work * busy / (1 - busy), 0.9))
        retried = self._random(queue.name, "retried").binomial(count, 0.01)
        yield counter(self.target, "workqueue_adds_total", count, began(self.leads), name=queue.name)
        yield counter(self.target, "workqueue_retries_total", retried, began(self.leads), name=queue.name)
        yield from self._now(queue, busy, work)

    def _durations(self, what: str, queue: _Queue, operations: Operations) -> Iterator[Series]:
        name, random = f"workqueue_{what}_duration_seconds", self._random(queue.name, what)
        return latency(self.target, name, QUEUE_BOUNDS, random, operations, began(self.leads), name=queue.name)

    def _now(self, queue: _Queue, busy: Floats, work: Floats) -> Iterator[Series]:
        random = self._random(queue.name, "now")
        waiting = random.poisson(busy**2 / (1 - busy))
        running = np.where(random.random(busy.size) < busy, work * random.random(busy.size), 0.0)
        yield gauge(self.target, "workqueue_depth", waiting, name=queue.name)
        yield gauge(self.target, "workqueue_unfinished_work_seconds", running, name=queue.name)
        yield gauge(self.target, "workqueue_longest_running_processor_seconds", running, name=queue.name)
