"""CRI-O's own metrics, one target a node: what the kubelet asks of it."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from demo.series import Series, Target, counter, running
from demo.timeline import SCRAPE_S, Floats
from demo.topology import Node
from demo.world import World

# Calls a second on a node in ordinary demand, and the mean seconds of one.
OPERATIONS = {"ListPodSandbox": (1.0, 0.002), "ContainerStatus": (1.2, 0.001), "RunPodSandbox": (0.01, 0.9)}
FAILS = 0.0005


def series(world: World) -> Iterator[Series]:
    for node in world.cluster.nodes:
        yield from _Crio(world, node, world.crio(node)).series()


@dataclass(frozen=True)
class _Crio:
    world: World
    node: Node
    target: Target

    def series(self) -> Iterator[Series]:
        for operation, (a_second, mean_s) in OPERATIONS.items():
            yield from self._operation(operation, a_second, mean_s)
        pulled = self._random("pulled").poisson(0.4 * self.world.life.machines[self.node.name].pulling)
        yield counter(self.target, "container_runtime_crio_image_pulls_success_total", pulled)
        name = "container_runtime_crio_image_pulls_failure_total"
        yield counter(self.target, name, np.zeros(pulled.size), error="UNKNOWN")
        yield counter(self.target, "container_runtime_crio_containers_oom_total", np.zeros(pulled.size))

    def _operation(self, operation: str, a_second: float, mean_s: float) -> Iterator[Series]:
        made = self._random(operation).poisson(a_second * SCRAPE_S, self.world.timeline.size)
        failed = self._random(operation, "failed").binomial(made, FAILS)
        busy = self.world.life.machines[self.node.name].busy
        slower = self.world.life.runtimes[self.node.name] if operation.startswith("List") else 0.0
        took = made * mean_s / (1.3 - busy) + made * slower
        yield counter(self.target, "container_runtime_crio_operations_total", made, operation=operation)
        yield counter(self.target, "container_runtime_crio_operations_errors_total", failed, operation=operation)
        yield self._summed("count", made.astype(np.float64), operation)
        yield self._summed("sum", np.asarray(took), operation)

    def _summed(self, part: str, gained: Floats, operation: str) -> Series:
        name = "container_runtime_crio_operations_latency_seconds_total"
        labels = {**self.target.labels, "operation": operation}
        return Series(name, "summary", f"{name}_{part}", labels, running(self.target, gained), self.target)

    def _random(self, *what: str) -> np.random.Generator:
        return self.world.timeline.random("crio", self.node.name, *what)
