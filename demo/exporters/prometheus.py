"""What Prometheus writes itself: how the scrape of every target went, and the alerts that fire."""

from collections.abc import Iterable, Iterator
from datetime import timedelta

import numpy as np

from demo.mechanisms.database import QUOTA
from demo.series import Series, Target, gauge, make_target
from demo.timeline import SCRAPE_S
from demo.world import World

FOREVER = (
    ("Watchdog", "none", "openshift-monitoring"),
    ("AlertmanagerReceiversNotConfigured", "warning", "openshift-monitoring"),
)

QUOTA_WARNS = 0.75
TYPICAL_SCRAPE_S, SCRAPE_TIMEOUT_S = 0.05, 10.0


def targets(world: World) -> Iterator[Target]:
    """Every target of the cluster."""
    for node in world.cluster.nodes:
        yield world.node_exporter(node)
        yield world.ovnkube(node)
        yield world.kubelet(node, "/metrics")
        yield world.kubelet(node, "/metrics/cadvisor")
        yield world.crio(node)
        if node.is_control_plane:
            yield world.etcd(node)
            yield world.apiserver(node)
            yield world.controller_manager(node)
    yield world.kube_state_metrics()


def series(world: World) -> Iterator[Series]:
    yield from _scrapes(world, targets(world))
    rules = make_target(world.timeline, {})
    for name, severity, namespace in FOREVER:
        labels = {"alertname": name, "severity": severity, "namespace": namespace}
        yield gauge(rules, "ALERTS", 1, alertstate="firing", **labels)
        yield gauge(rules, "ALERTS_FOR_STATE", world.timeline.epoch_ms // 1000 - 900_000, **labels)
    yield from _quota_alerts(world, rules)
    yield _passing_alert(world, rules)


def _passing_alert(world: World, rules: Target) -> Series:
    """A pod that is not ready for some minutes twice an hour: pending, and gone before it may fire."""
    minute = np.arange(world.timeline.size) * SCRAPE_S // 60 % 30
    pending = np.where((minute >= 12) & (minute < 15), 1.0, np.nan)
    labels = {"alertname": "KubePodNotReady", "severity": "warning", "namespace": "openshift-ingress"}
    return gauge(rules, "ALERTS", pending, alertstate="pending", **labels)


def _quota_alerts(world: World, rules: Target) -> Iterator[Series]:
    """The etcd operator's alert on a database towards its quota: pending for ten minutes, then firing."""
    waits = int(timedelta(minutes=10).total_seconds()) // SCRAPE_S
    for member in world.cluster.control_plane:
        over = world.life.database.file[member.name] > QUOTA_WARNS * QUOTA
        since = np.arange(over.size) - np.maximum.accumulate(np.where(over, -1, np.arange(over.size)))
        labels = {"alertname": "etcdDatabaseQuotaLowSpace", "severity": "warning", "namespace": "openshift-etcd"}
        pod = world.cluster.pod("openshift-etcd", "etcd", member).name
        for state, holds in (("pending", over & (since <= waits)), ("firing", over & (since > waits))):
            if holds.any():
                yield gauge(rules, "ALERTS", np.where(holds, 1.0, np.nan), alertstate=state, pod=pod, **labels)


def _scrapes(world: World, every: Iterable[Target]) -> Iterator[Series]:
    """They are written for failed scrapes too, so their own target answers always."""
    for target in every:
        watched = Target(target.labels, target.offset_ms, target.present, np.ones_like(target.present), target.every)
        yield gauge(watched, "up", target.answers.astype(np.float64))
        random = world.timeline.random("scrape", *(f"{key}={value}" for key, value in sorted(target.labels.items())))
        took = random.lognormal(np.log(TYPICAL_SCRAPE_S), 0.3, target.present.size)
        yield gauge(watched, "scrape_duration_seconds", np.where(target.answers, took, SCRAPE_TIMEOUT_S))
