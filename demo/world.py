"""One simulated cluster with all that happened in it, and the targets Prometheus scrapes there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from demo.mechanisms import Life, live
from demo.scenario import Scenario
from demo.series import Target, make_target
from demo.timeline import Timeline
from demo.topology import Cluster, Node, Pod

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
    def create(cls, timeline: Timeline, cluster: Cluster, scenarios: Sequence[Scenario]) -> "World":
        return cls(timeline, cluster, live(timeline, cluster, scenarios))

    def target(self, node: Node, /, *, every: int = 1, **labels: str) -> Target:
        """A target on the node: absent before the node joins, silent while the node's scrapes fail."""
        begin = self.timeline.at(GAP_AT)
        gap = slice(begin, begin + int(GAP.total_seconds()) // 30) if node.name == GAP_NODE else None
        return make_target(self.timeline, labels, joins_after=node.joins_after, gap=gap, every=every)

    def node_exporter(self, node: Node) -> Target:
        pod = self.cluster.pod("openshift-monitoring", "node-exporter", node)
        return self._pod_target(pod, "node-exporter", "https", node.name, "kube-rbac-proxy")

    def etcd(self, node: Node) -> Target:
        pod = self.cluster.pod("openshift-etcd", "etcd", node)
        return self._pod_target(pod, "etcd", "etcd-metrics", f"{node.ip}:9979", "etcd-metrics")

    def ovnkube(self, node: Node) -> Target:
        pod = self.cluster.pod("openshift-ovn-kubernetes", "ovnkube-node", node)
        return self._pod_target(pod, "ovnkube-node", "metrics", f"{node.ip}:9103", "kube-rbac-proxy-node")

    def ovnkube_control_plane(self, node: Node) -> Target:
        pod = self.cluster.pod("openshift-ovn-kubernetes", "ovnkube-control-plane", node)
        return self._pod_target(pod, "ovnkube-control-plane", "metrics", f"{node.ip}:9108", "kube-rbac-proxy")

    def apiserver(self, node: Node) -> Target:
        return self.target(
            node,
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

    def kube_state_metrics(self) -> Target:
        pod = next(pod for pod in self.cluster.pods if pod.name.startswith("kube-state-metrics"))
        return self.target(
            pod.node, every=2, job="kube-state-metrics", service="kube-state-metrics", endpoint="https-main",
            instance=f"{pod.ip}:8443", prometheus="openshift-monitoring/k8s",
        )  # fmt: skip

    def prometheus(self) -> Target:
        pod = next(pod for pod in self.cluster.pods if pod.name.startswith("prometheus-k8s"))
        return self._pod_target(pod, "prometheus-k8s", "metrics", f"{pod.ip}:9091", "kube-rbac-proxy")

    def cluster_version_operator(self) -> Target:
        node = self.cluster.control_plane[0]
        return self.target(
            node, job="cluster-version-operator", namespace="openshift-cluster-version", endpoint="metrics",
            service="cluster-version-operator", instance=f"{node.ip}:9099",
        )  # fmt: skip

    def multus_admission(self) -> Target:
        return self.target(
            self.cluster.control_plane[0], job="multus-admission-controller", namespace="openshift-multus",
            service="multus-admission-controller", endpoint="metrics", instance="10.128.0.200:8443",
        )  # fmt: skip

    def _pod_target(self, pod: Pod, job: str, endpoint: str, instance: str, container: str) -> Target:
        return self.target(
            pod.node,
            job=job,
            namespace=pod.namespace,
            pod=pod.name,
            service=job,
            endpoint=endpoint,
            instance=instance,
            container=container,
        )
