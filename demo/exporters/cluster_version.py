"""The cluster version operator: which release the cluster runs, and how its operators fare."""

from collections.abc import Iterator, Mapping

import numpy as np

from demo.series import Series, Target, gauge, where
from demo.timeline import SCRAPE_S, Bools
from demo.world import World

VERSION, IMAGE = "4.18.31", "quay.io/openshift-release-dev/ocp-release@sha256:4f1e2d"
NEXT_VERSION, NEXT_IMAGE = "4.18.33", "quay.io/openshift-release-dev/ocp-release@sha256:b07c91"
DAY_S = 86_400
AGE_DAYS = {"current": 40, "completed": 20, "initial": 300, "cluster": 300}
"""How long ago the release was made, its installation ended, and the cluster was made, before the history began."""
NEXT_AGE_DAYS = 3
OPERATORS = ("etcd", "kube-apiserver", "kube-controller-manager", "machine-config", "monitoring", "network")
CONDITIONS = {"Available": 1.0, "Degraded": 0.0, "Progressing": 0.0, "Upgradeable": 1.0}
PROGRESSING = {
    "monitoring": "RollOutInProgress",
    "network": "Deploying",
    "machine-config": "MachineConfigPoolsUpdating",
}
"""The reasons operators give; all others roll static pods out."""


def series(world: World) -> Iterator[Series]:
    for target in world.cluster_version_operator():
        yield from _versions(world, target)
        for operator in OPERATORS:
            yield from _operator(world, target, operator)


def _versions(world: World, target: Target) -> Iterator[Series]:
    """`desired` until the operator has the new release and applies it, which is `updating`; then it is `completed`."""
    began_s, upgrade, points = world.timeline.epoch_ms // 1000, world.upgrade, np.arange(world.timeline.size)
    moves = {"current": upgrade.applies, "cluster": upgrade.applies, "completed": upgrade.ends}
    for kind, days in AGE_DAYS.items():
        labels = {"type": kind, "version": VERSION, "image": IMAGE, "from_version": ""}
        yield from _while(target, points < moves.get(kind, points.size), began_s - days * DAY_S, labels)
    moment = {point: began_s + SCRAPE_S * point for point in (upgrade.begins, upgrade.applies, upgrade.ends)}
    made = began_s - NEXT_AGE_DAYS * DAY_S
    applying = (points >= upgrade.applies) & (points < upgrade.ends)
    for kind, since_s, holds, before in (
        ("desired", moment[upgrade.begins], (points >= upgrade.begins) & (points < upgrade.applies), VERSION),
        ("updating", moment[upgrade.applies], applying, VERSION),
        ("current", made, applying, VERSION),
        ("current", made, points >= upgrade.ends, NEXT_VERSION),
        ("cluster", began_s - AGE_DAYS["cluster"] * DAY_S, points >= upgrade.applies, VERSION),
        ("completed", moment[upgrade.ends], points >= upgrade.ends, ""),
    ):
        labels = {"type": kind, "version": NEXT_VERSION, "image": NEXT_IMAGE, "from_version": before}
        yield from _while(target, holds, since_s, labels)


def _operator(world: World, target: Target, operator: str) -> Iterator[Series]:
    points = np.arange(world.timeline.size)
    progress = world.upgrade.operators.get(operator, slice(points.size, points.size))
    progressing = (points >= progress.start) & (points < progress.stop)
    for version, holds in ((VERSION, points < progress.stop), (NEXT_VERSION, points >= progress.stop)):
        labels = {"name": operator, "version": version, "reason": "AsExpected"}
        yield from _while(target, holds, 1.0, labels, "cluster_operator_up")
    for condition, value in CONDITIONS.items():
        labels, name = {"name": operator, "condition": condition, "reason": "AsExpected"}, "cluster_operator_conditions"
        if condition != "Progressing":
            yield gauge(target, name, value, **labels)
            continue
        yield from _while(target, ~progressing, value, labels, name)
        reason = PROGRESSING.get(operator, "NodeInstaller")
        yield from _while(target, progressing, 1.0, {**labels, "reason": reason}, name)


def _while(
    target: Target, holds: Bools, value: float, labels: Mapping[str, str], name: str = "cluster_version"
) -> Iterator[Series]:
    """The series while it holds; none when it never does."""
    if np.any(holds & target.present):
        yield where(gauge(target, name, value, **labels), holds)
