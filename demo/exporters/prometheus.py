"""What Prometheus writes itself: `up` of every target, and alerts that fire for ever on a healthy cluster."""

from collections.abc import Iterable, Iterator

import numpy as np

from demo.series import Series, Target, gauge, make_target
from demo.world import World

FOREVER = (
    ("Watchdog", "none", "openshift-monitoring"),
    ("AlertmanagerReceiversNotConfigured", "warning", "openshift-monitoring"),
)


def targets(world: World) -> Iterator[Target]:
    """Every target of the cluster."""
    for node in world.cluster.nodes:
        yield world.node_exporter(node)
        yield world.kubelet(node, "/metrics")
        yield world.kubelet(node, "/metrics/cadvisor")
        if node.is_control_plane:
            yield world.etcd(node)
            yield world.apiserver(node)
    yield world.kube_state_metrics()


def series(world: World) -> Iterator[Series]:
    yield from _up(targets(world))
    rules = make_target(world.timeline, {})
    for name, severity, namespace in FOREVER:
        labels = {"alertname": name, "severity": severity, "namespace": namespace}
        yield gauge(rules, "ALERTS", 1, alertstate="firing", **labels)
        yield gauge(rules, "ALERTS_FOR_STATE", world.timeline.epoch_ms // 1000 - 900_000, **labels)


def _up(every: Iterable[Target]) -> Iterator[Series]:
    """`up` is written for failed scrapes too, so its own target answers always."""
    for target in every:
        watched = Target(target.labels, target.offset_ms, target.present, np.ones_like(target.present), target.every)
        yield gauge(watched, "up", target.answers.astype(np.float64))
