"""The kubelet's own metrics, one target a node: pods it runs, how it looks after them, what it asks of the runtime."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from demo.histogram import Operations, latency
from demo.series import Series, Target, counter, gauge
from demo.timeline import SCRAPE_S, Floats
from demo.topology import Node
from demo.world import World

RELIST_BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
START_BOUNDS = (0.5, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 20.0, 30.0, 45.0, 60.0, 120.0, 180.0, 240.0, 300.0, 360.0,
                480.0, 600.0, 900.0, 1200.0, 1800.0, 2700.0, 3600.0)  # fmt: skip
CALL_BOUNDS = tuple(0.005 * 2.5**k for k in range(14))
CALLS_THAT_MAKE = {"run_podsandbox": 0.9, "create_container": 0.12, "start_container": 0.2}
"""Median seconds of the calls that make a pod."""
LESS_THAN_LISTING = 0.3
"""Part of what listing takes that calls which make one container wait."""
WORKER_BOUNDS = RELIST_BOUNDS
RUNTIME_CALLS = {"container_status": 1.2, "create_container": 0.01, "list_containers": 1.0, "list_podsandbox": 1.0}


def series(world: World) -> Iterator[Series]:
    for node in world.cluster.nodes:
        yield from _Kubelet(world, node, world.kubelet(node, "/metrics")).series()


@dataclass(frozen=True)
class _Kubelet:
    world: World
    node: Node
    target: Target

    def series(self) -> Iterator[Series]:
        there = [np.ones(1) if life is None else life for _, life in self.world.pods_on(self.node)]
        running = np.sum(np.vstack(np.broadcast_arrays(*there)), axis=0, dtype=np.float64)
        running = np.broadcast_to(running, self.target.present.shape)
        yield gauge(self.target, "kubelet_running_pods", running)
        yield from self._kept(running)
        yield from self._relists()
        yield from self._starts()
        yield from self._runtime()
        yield from self._workers()

    def _random(self, *what: str) -> np.random.Generator:
        return self.world.timeline.random("kubelet", self.node.name, *what)

    @property
    def _slower(self) -> Floats:
        return self.world.life.runtimes[self.node.name]

    def _relists(self) -> Iterator[Series]:
        """The kubelet lists its pods once a second; it takes longer while the CPUs are busy."""
        busy = self.world.life.machines[self.node.name].busy
        median = 0.004 / (1.02 - busy) + self._slower
        # One begins a second after the one before at the earliest, and never before that has ended.
        count = np.ceil(SCRAPE_S / np.maximum(1.1 * median, 1)).astype(np.int64)
        relists = Operations(count, median, 0.4)
        name = "kubelet_pleg_relist_duration_seconds"
        return latency(self.target, name, RELIST_BOUNDS, self._random(name), relists)

    def _kept(self, running: Floats) -> Iterator[Series]:
        containers = sum(len(pod.containers) for pod in self.world.cluster.pods_on(self.node))
        for state, number in (("running", containers), ("exited", containers // 4)):
            yield gauge(self.target, "kubelet_running_containers", number, container_state=state)
        for lifecycle, pods in (("sync", running), ("terminating", 0 * running)):
            labels = {"config": "desired", "lifecycle": lifecycle, "static": ""}
            yield gauge(self.target, "kubelet_working_pods", pods, **labels)

    def _starts(self) -> Iterator[Series]:
        """The same pods with and without the pulling of their images."""
        demand = self.world.life.activity.demand
        rate = (0.02 if self.node.is_worker_only else 0.003) * demand * SCRAPE_S
        machine = self.world.life.machines[self.node.name]
        name, total = (f"kubelet_pod_start_{part}_duration_seconds" for part in ("sli", "total"))
        started, median = (
            self._random(name).poisson(rate),
            1.2 / (1.3 - machine.busy) + LESS_THAN_LISTING * self._slower,
        )
        yield from self._took(name, Operations(started, median, 0.35))
        yield from self._took(total, Operations(started, median * (1.5 + 3 * machine.pulling), 0.5))
        yield counter(self.target, "kubelet_started_pods_total", started)
        yield counter(self.target, "kubelet_started_pods_errors_total", np.zeros(started.size))

    def _took(self, name: str, starts: Operations) -> Iterator[Series]:
        return latency(self.target, name, START_BOUNDS, self._random(name, "took"), starts)

    def _runtime(self) -> Iterator[Series]:
        for call, a_second in RUNTIME_CALLS.items():
            made = self._random(call).poisson(a_second * SCRAPE_S, self.world.timeline.size)
            failed = self._random(call, "failed").binomial(made, 0.0005)
            yield counter(self.target, "kubelet_runtime_operations_total", made, operation_type=call)
            yield counter(self.target, "kubelet_runtime_operations_errors_total", failed, operation_type=call)
        rate = 0.02 if self.node.is_worker_only else 0.003
        name = "kubelet_runtime_operations_duration_seconds"
        for call, median in CALLS_THAT_MAKE.items():
            made = self._random(call, "made").poisson(rate * self.world.life.activity.demand * SCRAPE_S)
            took = Operations(made, median + LESS_THAN_LISTING * self._slower, 0.4)
            yield from latency(self.target, name, CALL_BOUNDS, self._random(name, call), took, operation_type=call)

    def _workers(self) -> Iterator[Series]:
        """Every pod is looked at about once in a minute and a half."""
        synced = np.full(self.world.timeline.size, 5, dtype=np.int64)
        busy = self.world.life.machines[self.node.name].busy
        took = Operations(synced, 0.02 / (1.1 - busy), 0.6)
        name = "kubelet_pod_worker_duration_seconds"
        yield from latency(self.target, name, WORKER_BOUNDS, self._random(name), took, operation_type="sync")
        yield counter(self.target, "kubelet_evictions", np.zeros(busy.size), eviction_signal="memory.available")
