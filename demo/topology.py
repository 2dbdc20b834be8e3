"""The simulated cluster: its nodes, and the pods that the exporters speak of."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256

GIB = 1024**3
_CONSONANTS = "bcdfghjklmnpqrstvwxz2456789"


@dataclass(frozen=True)
class Node:
    """One machine. `memory`: bytes. `nic_speed`: bytes a second. `joins_after`: a share of the history."""

    name: str
    ip: str
    roles: tuple[str, ...]
    cpus: int
    memory: int
    disk: str = "nvme0n1"
    nic: str = "ens192"
    nic_speed: int = 1_250_000_000
    joins_after: float = 0.0

    @property
    def is_control_plane(self) -> bool:
        return "control-plane" in self.roles

    @property
    def is_worker_only(self) -> bool:
        return self.roles == ("worker",)


@dataclass(frozen=True)
class Pod:
    """One pod; static pods belong to their node, as kube-state-metrics shows them."""

    namespace: str
    name: str
    node: Node
    ip: str
    owner_kind: str
    owner: str
    containers: tuple[str, ...]
    cpu_share: float
    memory: int
    uid: str = field(default="")

    @property
    def host_network(self) -> bool:
        return self.ip == self.node.ip

    @property
    def component(self) -> str:
        """The operator whose static pod it is; empty for all others."""
        return self.containers[0] if self.owner_kind == "Node" else ""


@dataclass(frozen=True)
class Cluster:
    """Nodes in the order of their names; pods of all of them."""

    nodes: tuple[Node, ...]
    pods: tuple[Pod, ...]

    @property
    def control_plane(self) -> tuple[Node, ...]:
        return tuple(node for node in self.nodes if node.is_control_plane)

    def pod(self, namespace: str, prefix: str, node: Node) -> Pod:
        """The pod of that namespace on the node whose name begins with `prefix`."""
        return next(
            pod for pod in self.pods if pod.namespace == namespace and pod.node == node and pod.name.startswith(prefix)
        )

    def pods_on(self, node: Node) -> Iterator[Pod]:
        return (pod for pod in self.pods if pod.node == node)


def build_cluster(workers: int, cpus: int = 8) -> Cluster:
    """Three control-plane nodes, two infra nodes, `workers` workers with `cpus` cores, of which the last joins late."""
    masters = [
        Node(f"master-{i}", f"10.0.0.{10 + i}", ("control-plane", "master"), cpus=4, memory=16 * GIB) for i in range(3)
    ]
    infra = [Node(f"infra-{i}", f"10.0.0.{20 + i}", ("infra", "worker"), cpus=4, memory=16 * GIB) for i in range(2)]
    plain = [
        Node(
            f"worker-{i}",
            f"10.0.{1 + i // 200}.{30 + i % 200}",
            ("worker",),
            cpus=cpus,
            memory=32 * GIB,
            joins_after=0.2 if i == workers - 1 and workers > 1 else 0.0,
        )
        for i in range(workers)
    ]
    nodes = (*masters, *infra, *plain)
    return Cluster(nodes, tuple(pod for number, node in enumerate(nodes) for pod in _pods(node, number)))


def random_name(seed: str, length: int) -> str:
    """Letters as Kubernetes appends them to generated names; the same seed gives the same letters."""
    return "".join(_CONSONANTS[byte % len(_CONSONANTS)] for byte in sha256(seed.encode()).digest()[:length])


def pod_uid(namespace: str, name: str) -> str:
    return sha256(f"{namespace}/{name}".encode()).hexdigest()[:32]


@dataclass(frozen=True)
class _Workload:
    namespace: str
    name: str
    kind: str
    containers: tuple[str, ...]
    cpu_share: float
    memory: int
    host_network: bool = False


_EVERYWHERE = (
    _Workload("openshift-monitoring", "node-exporter", "DaemonSet", ("node-exporter",), 0.01, 60 << 20, True),
    _Workload(
        "openshift-ovn-kubernetes",
        "ovnkube-node",
        "DaemonSet",
        ("ovn-controller", "northd", "nbdb", "sbdb", "ovnkube-controller"),
        0.06,
        900 << 20,
        True,
    ),
    _Workload("openshift-multus", "multus", "DaemonSet", ("kube-multus",), 0.01, 120 << 20, True),
    _Workload(
        "openshift-machine-config-operator",
        "machine-config-daemon",
        "DaemonSet",
        ("machine-config-daemon",),
        0.005,
        90 << 20,
        True,
    ),
    _Workload("openshift-dns", "dns-default", "DaemonSet", ("dns",), 0.01, 70 << 20),
)
_CONTROL_PLANE = (
    _Workload("openshift-etcd", "etcd", "Node", ("etcd", "etcd-metrics"), 0.15, 1400 << 20, True),
    _Workload("openshift-kube-apiserver", "kube-apiserver", "Node", ("kube-apiserver",), 0.3, 3000 << 20, True),
    _Workload(
        "openshift-kube-controller-manager",
        "kube-controller-manager",
        "Node",
        ("kube-controller-manager",),
        0.06,
        500 << 20,
        True,
    ),
)
CLUSTER_MANAGERS = 2
"""OpenShift runs two replicas of OVN-Kubernetes' control plane, on the first masters here."""
_CLUSTER_MANAGER = _Workload(
    "openshift-ovn-kubernetes",
    "ovnkube-control-plane",
    "ReplicaSet",
    ("ovnkube-cluster-manager",),
    0.01,
    120 << 20,
    True,
)
_INFRA = (
    _Workload("openshift-monitoring", "prometheus-k8s", "StatefulSet", ("prometheus",), 0.3, 3500 << 20),
    _Workload("openshift-ingress", "router-default", "ReplicaSet", ("router",), 0.1, 300 << 20, True),
)
_INFRA_ONCE = (
    _Workload("openshift-monitoring", "kube-state-metrics", "ReplicaSet", ("kube-state-metrics",), 0.02, 150 << 20),
)
_WORKER = (
    _Workload("shop", "frontend", "ReplicaSet", ("web", "istio-proxy"), 0.25, 1200 << 20),
    _Workload("shop", "orders", "ReplicaSet", ("orders",), 0.3, 2500 << 20),
    _Workload("batch", "ingest", "ReplicaSet", ("ingest",), 0.2, 1800 << 20),
)


def _pods(node: Node, number: int) -> Iterator[Pod]:
    workloads = list(_EVERYWHERE)
    if node.is_control_plane:
        workloads += _CONTROL_PLANE
        if number < CLUSTER_MANAGERS:
            workloads.append(_CLUSTER_MANAGER)
    if "infra" in node.roles:
        workloads += _INFRA
    if node.name == "infra-0":
        workloads += _INFRA_ONCE
    if node.is_worker_only:
        workloads += _WORKER
    for place, workload in enumerate(workloads):
        name, owner = _pod_name(workload, node)
        yield Pod(
            workload.namespace,
            name,
            node,
            node.ip if workload.host_network else f"10.{128 + number // 250}.{number % 250}.{5 + place}",
            workload.kind,
            owner,
            workload.containers,
            workload.cpu_share,
            workload.memory,
            uid=pod_uid(workload.namespace, name),
        )


def _pod_name(workload: _Workload, node: Node) -> tuple[str, str]:
    suffix = random_name(f"{workload.name}@{node.name}", 5)
    if workload.kind == "Node":
        return f"{workload.name}-{node.name}", node.name
    if workload.kind == "StatefulSet":
        return f"{workload.name}-{node.name[-1]}", workload.name
    if workload.kind == "ReplicaSet":
        replica_set = f"{workload.name}-{random_name(workload.name, 9)}"
        return f"{replica_set}-{suffix}", replica_set
    return f"{workload.name}-{suffix}", workload.name
