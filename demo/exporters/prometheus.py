"""What Prometheus writes itself: how the scrape of every target went, the alerts that fire, and how its rules fare."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta

import numpy as np

from demo.mechanisms.database import QUOTA
from demo.series import Series, Target, counter, gauge, make_target
from demo.timeline import SCRAPE_S
from demo.world import World

FOREVER = (
    ("Watchdog", "none", "openshift-monitoring"),
    ("AlertmanagerReceiversNotConfigured", "warning", "openshift-monitoring"),
)

RULE_GROUPS = {"openshift-etcd-etcd-prometheus-rules.yaml;etcd": 0.02, "openshift-monitoring-k8s.yaml;k8s.rules": 0.4}
"""Typical seconds of one evaluation."""

QUOTA_WARNS = 0.75
TYPICAL_SCRAPE_S, SCRAPE_TIMEOUT_S = 0.05, 10.0


def targets(world: World) -> Iterator[Target]:
    """Every target of the cluster."""
    for node in world.cluster.nodes:
        yield world.node_exporter(node)
        yield from world.ovnkube(node)
        yield world.kubelet(node, "/metrics")
        yield world.kubelet(node, "/metrics/cadvisor")
        yield world.crio(node)
        if node.is_control_plane:
            yield world.etcd(node)
            yield world.apiserver(node)
            yield world.controller_manager(node)
    yield from world.kube_state_metrics()
    yield world.prometheus()
    yield world.multus_admission()


def series(world: World) -> Iterator[Series]:
    yield from _scrapes(world, targets(world))
    rules = replace(make_target(world.timeline, {}), marks_ends=world.upgrade.happens)
    for name, severity, namespace in FOREVER:
        labels = {"alertname": name, "severity": severity, "namespace": namespace}
        yield gauge(rules, "ALERTS", 1, alertstate="firing", **labels)
        yield gauge(rules, "ALERTS_FOR_STATE", world.timeline.epoch_ms // 1000 - 900_000, **labels)
    yield from _quota_alerts(world, rules)
    yield from _passing_alert(world, rules)
    yield from _reboot_alerts(world, rules)
    yield from _rules(world, world.prometheus())


def _passing_alert(world: World, rules: Target) -> Iterator[Series]:
    """A pod that is not ready for some minutes twice an hour: pending, and gone before it may fire."""
    minute = np.arange(world.timeline.size) * SCRAPE_S // 60 % 30
    pending = (minute >= 12) & (minute < 15)
    begins = np.maximum.accumulate(np.where(pending & ~np.roll(pending, 1), np.arange(minute.size), 0))
    since = world.timeline.epoch_ms // 1000 + begins * SCRAPE_S
    labels = {"alertname": "KubePodNotReady", "severity": "warning", "namespace": "openshift-ingress"}
    yield gauge(rules, "ALERTS", np.where(pending, 1.0, np.nan), alertstate="pending", **labels)
    yield gauge(rules, "ALERTS_FOR_STATE", np.where(pending, since, np.nan), **labels)


def _rules(world: World, target: Target) -> Iterator[Series]:
    """How Prometheus fares with its rules: every group in its time, failures counted."""
    nothing = np.zeros(world.timeline.size)
    for group, typical_s in RULE_GROUPS.items():
        labels = {"rule_group": f"/etc/prometheus/rules/prometheus-k8s-rulefiles-0/{group}"}
        took = world.timeline.random("rules", group).lognormal(np.log(typical_s), 0.2, nothing.size)
        yield gauge(target, "prometheus_rule_group_last_duration_seconds", took, **labels)
        yield gauge(target, "prometheus_rule_group_interval_seconds", 30, **labels)
        failed = world.life.watching.failures.get(group, nothing)
        yield counter(target, "prometheus_rule_evaluation_failures_total", failed, **labels)
        yield counter(target, "prometheus_rule_group_iterations_missed_total", nothing, **labels)
    yield counter(target, "prometheus_target_scrapes_sample_out_of_order_total", nothing)


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


def _reboot_alerts(world: World, rules: Target) -> Iterator[Series]:
    """What OpenShift is about to say while a node reboots; the node is back before any of it may fire."""
    turns = world.upgrade.turns
    for node, turn in turns.items():
        labels = {"node": node, "namespace": "openshift-monitoring", "severity": "warning"}
        alert = {"alertname": "KubeNodeNotReady", "condition": "Ready", "status": "true", **labels}
        yield from _pending(world, rules, [(turn.down + 2, turn.back + 1)], alert)
        unreachable = {"key": "node.kubernetes.io/unreachable", "effect": "NoSchedule"}
        alert = {"alertname": "KubeNodeUnreachable", **unreachable, **labels}
        yield from _pending(world, rules, [(turn.down + 3, turn.back + 1)], alert)
    lost = [turns[node.name] for node in world.cluster.control_plane if node.name in turns]
    if lost:
        alert = {"alertname": "etcdMembersDown", "namespace": "openshift-etcd", "severity": "critical"}
        yield from _pending(world, rules, [(turn.down + 2, turn.back + 4) for turn in lost], alert)


def _pending(
    world: World, rules: Target, windows: Iterable[tuple[int, int]], labels: Mapping[str, str]
) -> Iterator[Series]:
    """An alert that waits in windows of grid points, each from one to before another."""
    since = np.full(world.timeline.size, np.nan)
    for begin, end in windows:
        since[begin:end] = world.timeline.moment(begin).timestamp()
    yield gauge(rules, "ALERTS", np.where(np.isnan(since), since, 1.0), alertstate="pending", **labels)
    yield gauge(rules, "ALERTS_FOR_STATE", since, **labels)


def _scrapes(world: World, every: Iterable[Target]) -> Iterator[Series]:
    """They are written for failed scrapes too, so their own target answers always."""
    for target in every:
        # Series of kube-state-metrics carry the namespace of what they tell of; those of its target carry its own.
        labels = {"namespace": "openshift-monitoring", **target.labels}
        watched = replace(target, labels=labels, answers=np.ones_like(target.present))
        yield gauge(watched, "up", target.answers.astype(np.float64))
        random = world.timeline.random("scrape", *(f"{key}={value}" for key, value in sorted(target.labels.items())))
        took = random.lognormal(np.log(TYPICAL_SCRAPE_S), 0.3, target.present.size)
        yield gauge(watched, "scrape_duration_seconds", np.where(target.answers, took, SCRAPE_TIMEOUT_S))
