"""The cluster version operator: which release the cluster runs, and how its operators fare."""

from collections.abc import Iterator

from demo.series import Series, Target, gauge
from demo.world import World

VERSION, IMAGE = "4.18.31", "quay.io/openshift-release-dev/ocp-release@sha256:4f1e2d"
DAY_S = 86_400
AGE_DAYS = {"current": 40, "completed": 20, "initial": 300, "cluster": 300}
"""How long ago the release was made, its installation ended, and the cluster was made, before the history began."""
OPERATORS = ("etcd", "kube-apiserver", "kube-controller-manager", "machine-config", "monitoring", "network")
CONDITIONS = {"Available": 1.0, "Degraded": 0.0, "Progressing": 0.0, "Upgradeable": 1.0}


def series(world: World) -> Iterator[Series]:
    target = world.cluster_version_operator()
    began_s = world.timeline.epoch_ms // 1000
    for kind, days in AGE_DAYS.items():
        labels = {"type": kind, "version": VERSION, "image": IMAGE, "from_version": ""}
        yield gauge(target, "cluster_version", began_s - days * DAY_S, **labels)
    for operator in OPERATORS:
        yield from _operator(target, operator)


def _operator(target: Target, operator: str) -> Iterator[Series]:
    yield gauge(target, "cluster_operator_up", 1, name=operator, version=VERSION, reason="AsExpected")
    for condition, holds in CONDITIONS.items():
        yield gauge(
            target, "cluster_operator_conditions", holds, name=operator, condition=condition, reason="AsExpected"
        )
