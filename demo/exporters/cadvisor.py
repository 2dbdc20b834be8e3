"""cAdvisor inside the kubelet: control groups and pods, one target a node."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from demo.mechanisms.machine import Machine
from demo.series import Series, Target, began, counter, either, gauge, where
from demo.timeline import SCRAPE_S, Bools, Floats, wandering
from demo.topology import Node, Pod
from demo.world import World

LIMITED = "istio-proxy"
"""The one container with a CPU limit: OpenShift gives its own none, and most of the users' have none either."""
PERIOD_S = 0.1
"""Length of the scheduler's periods, in each of which a container may use its limit."""
SERVICES = {
    "/system.slice": (0.10, 900 << 20),
    "/system.slice/kubelet.service": (0.03, 190 << 20),
    "/system.slice/crio.service": (0.02, 260 << 20),
    "/system.slice/ovs-vswitchd.service": (0.02, 160 << 20),
    "/system.slice/ovsdb-server.service": (0.005, 30 << 20),
    "/system.slice/systemd-journald.service": (0.005, 110 << 20),
}


def series(world: World) -> Iterator[Series]:
    for node in world.cluster.nodes:
        target = world.kubelet(node, "/metrics/cadvisor")
        yield from _Node(world, node, target, world.life.machines[node.name]).series()


@dataclass(frozen=True)
class _Node:
    world: World
    node: Node
    target: Target
    machine: Machine

    def series(self) -> Iterator[Series]:
        cores = self.machine.busy * self.node.cpus
        for group, (share, memory) in SERVICES.items():
            yield from self._group(group, share * cores, memory)
        yield from self._group("/kubepods.slice", 0.85 * cores, int(0.35 * self.node.memory))
        weights = sum(pod.cpu_share for pod in self.world.cluster.pods_on(self.node))
        for pod, there in self.world.pods_on(self.node):
            for one in self._pod(pod, there, 0.85 * cores * pod.cpu_share / weights):
                yield one if there is None else where(one, there)

    def _group(self, group: str, cores: Floats, memory: int) -> Iterator[Series]:
        random = self.world.timeline.random("cgroup", self.node.name, group)
        rss = np.round(memory * (1 + 0.02 * wandering(random, cores.size, 60)) / 4096) * 4096
        spent = np.round(cores * SCRAPE_S, 4)
        yield counter(self.target, "container_cpu_usage_seconds_total", spent, id=group, cpu="total")
        yield gauge(self.target, "container_memory_rss", rss, id=group)
        yield gauge(self.target, "container_memory_working_set_bytes", np.round(1.2 * rss), id=group)

    def _pod(self, pod: Pod, there: Bools | None, cores: Floats) -> Iterator[Series]:
        restarts = either(self._restarts(pod), None if there is None else began(there))
        for place, container in enumerate(pod.containers):
            part = 0.7 if place == 0 and len(pod.containers) > 1 else 1 / len(pod.containers)
            share = part if place == 0 else (1 - 0.7) / (len(pod.containers) - 1)
            yield from self._container(pod, container, share * cores, int(share * pod.memory), restarts)
        yield from self._whole_pod(pod, restarts)

    def _container(
        self, pod: Pod, container: str, cores: Floats, memory: int, restarts: Bools | None
    ) -> Iterator[Series]:
        labels = {
            "namespace": pod.namespace,
            "pod": pod.name,
            "container": container,
            "id": f"{_slice(pod)}/crio-{pod.uid[:12]}{container[:4]}.scope",
        }
        random = self.world.timeline.random("container", pod.name, container)
        held = np.round(memory * np.clip(1 + 0.05 * wandering(random, cores.size, 120), 0.5, 1.4) / 4096) * 4096
        spent = np.round(cores * SCRAPE_S, 4)
        yield counter(self.target, "container_cpu_usage_seconds_total", spent, restarts, cpu="total", **labels)
        yield gauge(self.target, "container_memory_rss", np.round(0.8 * held), **labels)
        yield gauge(self.target, "container_threads", 9 + len(container), **labels)
        yield gauge(self.target, "container_memory_working_set_bytes", held, **labels)
        if container == LIMITED:
            yield from self._limited(labels)

    def _limited(self, labels: dict[str, str]) -> Iterator[Series]:
        """Where the node is busy, bursts use up the limit before their period ends."""
        periods = np.full(self.machine.busy.size, SCRAPE_S / PERIOD_S)
        random = self.world.timeline.random("limited", labels["pod"])
        throttled = random.binomial(periods.astype(np.int64), np.clip(0.02 * self.machine.busy, 0, 1))
        yield counter(self.target, "container_cpu_cfs_periods_total", periods, **labels)
        yield counter(self.target, "container_cpu_cfs_throttled_periods_total", throttled, **labels)

    def _whole_pod(self, pod: Pod, restarts: Bools | None) -> Iterator[Series]:
        labels = {"namespace": pod.namespace, "pod": pod.name, "id": _slice(pod)}
        random = self.world.timeline.random("pod", pod.name)
        etcd = pod.namespace == "openshift-etcd"
        rate = self.world.life.disks[self.node.name].writes * (5_000 if etcd else 90) * SCRAPE_S
        written = random.poisson(rate / 4096) * 4096
        device = f"/dev/{self.node.disk}"
        yield counter(self.target, "container_fs_writes_bytes_total", written, restarts, device=device, **labels)
        yield counter(self.target, "container_fs_reads_bytes_total", written // 20, restarts, device=device, **labels)
        if pod.host_network:
            return
        moved = np.round(0.05 * self.machine.received * SCRAPE_S)
        for direction, part in (("receive", 1.0), ("transmit", 0.8)):
            name = f"container_network_{direction}_bytes_total"
            yield counter(self.target, name, np.round(part * moved), restarts, interface="eth0", **labels)

    def _restarts(self, pod: Pod) -> Bools | None:
        """A restarted etcd member is a restarted container."""
        own = self.world.life.etcd.restarts.get(self.node.name) if pod.namespace == "openshift-etcd" else None
        return either(own, self.world.upgrade.started(self.node, pod.component))


def _slice(pod: Pod) -> str:
    return f"/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod{pod.uid}.slice"
