"""etcd in the pods of a double: what etcdctl answers there is a file of `answers/`, or what a test says."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.doubles.kubernetes_api import Cluster
from tests.doubles.kubernetes_api.commands import Ran, Wrote
from tests.doubles.kubernetes_api.flavours import item, openshift, vanilla
from tests.doubles.kubernetes_api.store import Object
from tests.ocpperf_assets.access.conftest import USER, authority, nobodys_home, reach, serve

__all__ = ["authority", "nobodys_home", "reach", "serve"]

KEY = "/etc/kubernetes/pki/etcd/server.key"
ANSWERS = Path(__file__).parent / "answers"
QUESTIONS = ("member list", "endpoint health", "endpoint status")

Answers = Mapping[str, Wrote]


def answers(name: str) -> Answers:
    """What a file has, by question."""
    told = yaml.safe_load((ANSWERS / f"{name}.yaml").read_text(encoding="utf-8"))
    return {question: Wrote(**told[question]) for question in QUESTIONS}


def question(ran: Ran) -> str:
    return next(one for one in QUESTIONS if one in " ".join(ran.argv))


@dataclass
class Etcd:
    """Programs by pod; `every` is what the others answer. `ran` are the commands so far."""

    every: Answers
    pods: dict[str, Callable[[Ran], Wrote]] = field(default_factory=dict)
    ran: list[Ran] = field(default_factory=list)

    def __call__(self, ran: Ran) -> Wrote:
        self.ran.append(ran)
        return self.pods.get(ran.pod, self._answer)(ran)

    def _answer(self, ran: Ran) -> Wrote:
        return self.every[question(ran)]


def pod(name: str, node: str, address: str, place: Mapping[str, Any], phase: str = "Running") -> Object:
    state: Object = {"running" if phase == "Running" else "waiting": {}}
    statuses = [{"name": one["name"], "state": state} for one in place["containers"]]
    status = {"phase": phase, "hostIP": address, "podIP": address, "containerStatuses": statuses}
    spec = {"nodeName": node, "containers": place["containers"]}
    return item(name, place["namespace"], place["labels"], spec=spec, status=status)


def etcd_pods_of_openshift(stopped: str = "") -> list[Object]:
    """Three pods on master-0 to master-2, 10.0.0.10 to 12, and a guard that is no etcd."""
    variables = [
        {"name": "ETCDCTL_KEY", "value": KEY},
        {"name": "ETCDCTL_ENDPOINTS", "value": "https://10.0.0.10:2379"},
    ]
    containers = [{"name": "etcd", "env": variables}, {"name": "etcdctl", "env": variables}]
    place = {"namespace": "openshift-etcd", "labels": {"app": "etcd"}, "containers": containers}
    guard = {"namespace": "openshift-etcd", "labels": {"app": "guard"}, "containers": [{"name": "guard"}]}
    nodes = [f"master-{at}" for at in range(3)]
    pods = [
        pod(f"etcd-{node}", node, f"10.0.0.1{at}", place, "Pending" if node == stopped else "Running")
        for at, node in enumerate(nodes)
    ]
    return [*pods, pod("etcd-guard-master-0", "master-0", "10.1.0.9", guard)]


def on_openshift(etcd: Etcd, *, stopped: str = "") -> Cluster:
    cluster = openshift(USER)
    cluster.store.add("", "v1", "pods", *etcd_pods_of_openshift(stopped))
    cluster.program = etcd
    return cluster


def on_kubeadm(etcd: Etcd) -> Cluster:
    """Static pods whose flags say where the keys are."""
    cluster = vanilla(USER)
    for at in range(3):
        address = f"10.0.0.1{at}"
        command = [
            "etcd",
            f"--advertise-client-urls=https://{address}:2379",
            "--cert-file=/etc/kubernetes/pki/etcd/server.crt",
            "--key-file",
            KEY,
            "--trusted-ca-file=/etc/kubernetes/pki/etcd/ca.crt",
        ]
        place = {
            "namespace": "kube-system",
            "labels": {"component": "etcd"},
            "containers": [{"name": "etcd", "command": command}],
        }
        cluster.store.add("", "v1", "pods", pod(f"etcd-master-{at}", f"master-{at}", address, place))
    cluster.program = etcd
    return cluster


@pytest.fixture
def one_down() -> Etcd:
    return Etcd(answers("3.5-one-down"))
