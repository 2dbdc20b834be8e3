"""One simulated cluster with all that happened in it, and the targets Prometheus scrapes there."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property
from zlib import crc32

import numpy as np

from demo.mechanisms import Life, live
from demo.mechanisms.upgrade import Upgrade, holder, plan
from demo.scenario import Scenario
from demo.series import Target, began, either, make_target
from demo.timeline import Bools, Timeline
from demo.topology import Cluster, Node, Pod, pod_uid, random_name

GAP = timedelta(minutes=6)
GAP_AT = 0.30
GAP_NODE = "infra-1"


@dataclass(frozen=True)
class World:
    """`scenarios` disturb the mechanisms; everything else in it is normal life."""

    timeline: Timeline
    cluster: Cluster
    life: Life

    @classmethod
    def create(
        cls, timeline: Timeline, cluster: Cluster, scenarios: Sequence[Scenario], upgrade_after: timedelta | None = None
    ) -> "World":
        """`upgrade_after`: how long after the start of the window an upgrade begins; None means that none does."""
        return cls(timeline, cluster, live(timeline, cluster, scenarios, plan(timeline, cluster, upgrade_after)))

    @property
    def upgrade(self) -> Upgrade:
        return self.life.upgrade

    def target(self, node: Node, component: str = "", /, *, every: int = 1, **labels: str) -> Target:
        """A target on the node: absent before the node joins, silent while the node's scrapes fail.

        `component`: what an upgrade restarts beside the node.
        """
        begin = self.timeline.at(GAP_AT)
        gaps = [slice(begin, begin + int(GAP.total_seconds()) // 30)] if node.name == GAP_NODE else []
        gaps += [*self.upgrade.away(node, component), *self.life.watching.silent.get((node.name, labels["job"]), ())]
        made = make_target(self.timeline, labels, joins_after=node.joins_after, gaps=gaps, every=every)
        return replace(made, starts=self.upgrade.started(node, component), marks_ends=self.upgrade.happens)

    def generations(self, pod: Pod) -> list[tuple[Pod, Bools | None]]:
        """A pod and those that an upgrade puts in its place, each with when it is there; None: always."""
        if not self.upgrade.happens:
            return [(pod, None)]
        alone = self._owners[pod.owner] == 1
        hosts = [node for node in self.cluster.nodes if node.roles == pod.node.roles] if alone else []
        points, begins, found = np.arange(self.timeline.size), 0, []
        for number, move in enumerate(self.upgrade.moves(pod, hosts)):
            found.append((pod, (points >= begins) & (points < move.ends)))
            pod, begins = self._successor(pod, move.node, number), move.begins
        return [*found, (pod, points >= begins)] if found else [(pod, None)]

    def _successor(self, pod: Pod, node: Node, number: int) -> Pod:
        name = f"{pod.name.rpartition('-')[0]}-{random_name(f'{pod.name} {number}', 5)}"
        network = self.cluster.pod("openshift-dns", "dns-default", node).ip.rpartition(".")[0]
        ip = node.ip if pod.host_network else f"{network}.{100 + crc32(name.encode()) % 150}"
        return replace(pod, name=name, node=node, ip=ip, uid=pod_uid(pod.namespace, name))

    def pods_on(self, node: Node) -> Iterator[tuple[Pod, Bools | None]]:
        """All pods that are on the node at any time, each with when it is there; None: always."""
        return iter(self._residents[node.name])

    @cached_property
    def _owners(self) -> Mapping[str, int]:
        return Counter(pod.owner for pod in self.cluster.pods)

    @cached_property
    def _residents(self) -> Mapping[str, list[tuple[Pod, Bools | None]]]:
        found: dict[str, list[tuple[Pod, Bools | None]]] = {node.name: [] for node in self.cluster.nodes}
        for pod in self.cluster.pods:
            for one, there in self.generations(pod):
                found[one.node.name].append((one, there))
        return found

    def node_exporter(self, node: Node) -> Target:
        pod = self.cluster.pod("openshift-monitoring", "node-exporter", node)
        return self._pod_target(pod, "node-exporter", "https", node.name, "kube-rbac-proxy")

    def etcd(self, node: Node) -> Target:
        pod = self.cluster.pod("openshift-etcd", "etcd", node)
        return self._pod_target(pod, "etcd", "etcd-metrics", f"{node.ip}:9979", "etcd-metrics")

    def ovnkube(self, node: Node) -> list[Target]:
        """An upgrade gives the node another ovnkube, which is another target."""
        pod = self.cluster.pod("openshift-ovn-kubernetes", "ovnkube-node", node)
        return [
            _while_there(
                self._pod_target(one, "ovnkube-node", "metrics", f"{node.ip}:9103", "kube-rbac-proxy-node"), life
            )
            for one, life in self.generations(pod)
        ]

    def ovnkube_control_plane(self, node: Node) -> list[Target]:
        pod = self.cluster.pod("openshift-ovn-kubernetes", "ovnkube-control-plane", node)
        job = "ovnkube-control-plane"
        return [
            _while_there(self._pod_target(one, job, "metrics", f"{node.ip}:9108", "kube-rbac-proxy"), life)
            for one, life in self.generations(pod)
        ]

    def apiserver(self, node: Node) -> Target:
        return self.target(
            node,
            "kube-apiserver",
            job="apiserver",
            namespace="default",
            service="kubernetes",
            endpoint="https",
            instance=f"{node.ip}:6443",
            apiserver="kube-apiserver",
        )

    def controller_manager(self, node: Node) -> Target:
        pod = self.cluster.pod("openshift-kube-controller-manager", "kube-controller-manager", node)
        return self._pod_target(pod, "kube-controller-manager", "https", f"{node.ip}:10257", "kube-controller-manager")

    def kubelet(self, node: Node, path: str) -> Target:
        return self.target(
            node,
            job="kubelet",
            namespace="kube-system",
            service="kubelet",
            endpoint="https-metrics",
            instance=f"{node.ip}:10250",
            metrics_path=path,
            node=node.name,
        )

    def crio(self, node: Node) -> Target:
        return self.target(
            node,
            job="crio",
            namespace="kube-system",
            service="kubelet",
            endpoint="https-metrics",
            instance=f"{node.ip}:9637",
            node=node.name,
        )

    def kube_state_metrics(self) -> list[Target]:
        """The one replica, which leaves its node when that is drained; what it counts is the API server's."""
        pod = next(pod for pod in self.cluster.pods if pod.name.startswith("kube-state-metrics"))
        found = []
        for one, life in self.generations(pod):
            target = self.target(
                one.node, every=2, job="kube-state-metrics", service="kube-state-metrics", endpoint="https-main",
                instance=f"{one.ip}:8443", prometheus="openshift-monitoring/k8s",
            )  # fmt: skip
            found.append(replace(_while_there(target, life), starts=None))
        return found

    def prometheus(self) -> Target:
        pod = next(pod for pod in self.cluster.pods if pod.name.startswith("prometheus-k8s"))
        return self._pod_target(pod, "prometheus-k8s", "metrics", f"{pod.ip}:9091", "kube-rbac-proxy")

    def cluster_version_operator(self) -> list[Target]:
        """The one replica, which goes to another master when its own reboots."""
        masters = self.cluster.control_plane
        held = holder(self.upgrade.hosting(masters))
        return [
            _while_there(
                self.target(
                    node, job="cluster-version-operator", namespace="openshift-cluster-version", endpoint="metrics",
                    service="cluster-version-operator", instance=f"{node.ip}:9099",
                ),
                held == place,
            )
            for place, node in enumerate(masters)
            if np.any(held == place)
        ]  # fmt: skip

    def multus_admission(self) -> Target:
        return self.target(
            self.cluster.control_plane[0], job="multus-admission-controller", namespace="openshift-multus",
            service="multus-admission-controller", endpoint="metrics", instance="10.128.0.200:8443",
        )  # fmt: skip

    def _pod_target(self, pod: Pod, job: str, endpoint: str, instance: str, container: str) -> Target:
        return self.target(
            pod.node,
            pod.component,
            job=job,
            namespace=pod.namespace,
            pod=pod.name,
            service=job,
            endpoint=endpoint,
            instance=instance,
            container=container,
        )


def _while_there(target: Target, there: Bools | None) -> Target:
    """The target of a pod that is not always there; its counters begin with it. None: it is always there."""
    if there is None:
        return target
    return replace(target, present=target.present & there, starts=either(target.starts, began(there)))
