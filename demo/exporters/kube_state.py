"""kube-state-metrics: what the API server knows of nodes and pods, from one target scraped once a minute."""

from collections.abc import Iterator

import numpy as np

from demo.series import Series, Target, counter, gauge
from demo.timeline import Floats
from demo.topology import Node, Pod
from demo.world import World

LOST_AFTER = 1
"""Scrape intervals after which a node that is not heard of counts as lost."""
VERSIONS = {
    "kernel_version": "5.14.0-427.50.1.el9_4.x86_64",
    "os_image": "Red Hat Enterprise Linux CoreOS 418.94.202601071200-0",
    "container_runtime_version": "cri-o://1.31.4",
    "kubelet_version": "v1.31.7",
}
NEXT_VERSIONS = {
    "kernel_version": "5.14.0-427.57.1.el9_4.x86_64",
    "os_image": "Red Hat Enterprise Linux CoreOS 418.94.202602040912-0",
    "container_runtime_version": "cri-o://1.31.6",
    "kubelet_version": "v1.31.9",
}
CREATING = 6
"""Scrape intervals that the pods of a new node wait for their images."""
RESERVED = 1 << 30
"""Bytes of a node that the system keeps from pods."""


def series(world: World) -> Iterator[Series]:
    for target in world.kube_state_metrics():
        yield from _cluster(world, target)


def _cluster(world: World, target: Target) -> Iterator[Series]:
    for namespace in sorted({pod.namespace for pod in world.cluster.pods}):
        for phase in ("Active", "Terminating"):
            holds = float(phase == "Active")
            yield gauge(target, "kube_namespace_status_phase", holds, namespace=namespace, phase=phase)
    for node in world.cluster.nodes:
        there = _since(world, node)
        yield from _node(world, target, node, there)
        for pod, life in world.pods_on(node):
            if life is None:
                yield from _pod(world, target, pod, there)
            elif np.any(life & target.present):
                yield from _pod(world, target, pod, np.where(life, there, np.nan))


def _since(world: World, node: Node) -> Floats:
    """1 while the node is part of the cluster, not exposed before."""
    there = np.ones(world.timeline.size)
    if node.joins_after:
        there[: world.timeline.at(node.joins_after)] = np.nan
    return there


def _node(world: World, target: Target, node: Node, there: Floats) -> Iterator[Series]:
    yield from _information(world, target, node, there)
    for role in node.roles:
        yield gauge(target, "kube_node_role", there, node=node.name, role=role)
    turn = world.upgrade.turns.get(node.name)
    cordoned = world.upgrade.during(turn.cordoned, turn.uncordoned) if turn else 0.0
    yield gauge(target, "kube_node_spec_unschedulable", cordoned * there, node=node.name)
    # A node that is not heard of has no condition that anybody knows.
    lost = world.upgrade.during(turn.down + LOST_AFTER, turn.back) if turn else 0.0
    for condition, holds in (("Ready", "true"), ("MemoryPressure", "false"), ("DiskPressure", "false")):
        for status in ("true", "false", "unknown"):
            value = there * (lost if status == "unknown" else float(status == holds) * (1 - lost))
            yield gauge(target, "kube_node_status_condition", value, node=node.name, condition=condition, status=status)
    for resource, unit, amount in (
        ("cpu", "core", node.cpus),
        ("memory", "byte", node.memory - RESERVED),
        ("pods", "integer", 250),
    ):
        labels = {"node": node.name, "resource": resource, "unit": unit}
        yield gauge(target, "kube_node_status_allocatable", there * amount, **labels)


def _information(world: World, target: Target, node: Node, there: Floats) -> Iterator[Series]:
    """Versions are labels: a node that comes back with the next release is another series."""
    turn, points = world.upgrade.turns.get(node.name), np.arange(there.size)
    # Who joins in the middle of an upgrade is made with the release that the cluster then wants.
    since = turn.back if turn else 0 if world.upgrade.happens and node.joins_after else there.size
    for versions, holds in ((VERSIONS, points < since), (NEXT_VERSIONS, points >= since)):
        if np.any(holds & target.present):
            yield gauge(
                target,
                "kube_node_info",
                np.where(holds, there, np.nan),
                node=node.name,
                internal_ip=node.ip,
                kubeproxy_version="",
                system_uuid=f"{node.ip}-{node.name}",
                **versions,
            )


def _pod(world: World, target: Target, pod: Pod, there: Floats) -> Iterator[Series]:
    yield gauge(
        target,
        "kube_pod_info",
        there,
        namespace=pod.namespace,
        pod=pod.name,
        node=pod.node.name,
        host_ip=pod.node.ip,
        pod_ip=pod.ip,
        host_network=str(pod.host_network).lower(),
        created_by_kind=pod.owner_kind,
        created_by_name=pod.owner,
        uid=pod.uid,
        priority_class="system-node-critical" if pod.host_network else "",
    )
    restarts = world.life.etcd.restarts[pod.node.name] if pod.namespace == "openshift-etcd" else np.zeros(there.size)
    again = world.upgrade.restarted(pod.node, pod.component)
    if again is not None:
        restarts = restarts + (again & (there == 1))
    for container in pod.containers:
        name = "kube_pod_container_status_restarts_total"
        labels = {"namespace": pod.namespace, "pod": pod.name, "container": container}
        restarted = counter(target, name, np.asarray(restarts, dtype=np.float64), None, **labels)
        yield Series(restarted.family, restarted.kind, name, restarted.labels, restarted.values * there, target)
    if pod.node.joins_after:
        yield _waiting(target, pod, there)
    for phase in ("Pending", "Running", "Succeeded", "Failed", "Unknown"):
        labels = {"namespace": pod.namespace, "pod": pod.name, "uid": pod.uid, "phase": phase}
        yield gauge(target, "kube_pod_status_phase", there * float(phase == "Running"), **labels)


def _waiting(target: Target, pod: Pod, there: Floats) -> Series:
    """The containers of a node that has just joined are being made for some minutes."""
    joined = int(np.argmax(~np.isnan(there)))
    waits = np.full(there.size, np.nan)
    waits[joined : joined + CREATING] = 1.0
    labels = {"namespace": pod.namespace, "pod": pod.name, "uid": pod.uid, "container": pod.containers[0]}
    name = "kube_pod_container_status_waiting_reason"
    return gauge(target, name, waits, reason="ContainerCreating", **labels)
