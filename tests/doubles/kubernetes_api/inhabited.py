"""Clusters with something in them: nodes, pods, secrets, and what OpenShift adds."""

from collections.abc import Iterator
from typing import Any

from tests.doubles.kubernetes_api.cluster import Cluster
from tests.doubles.kubernetes_api.flavours import item, openshift, vanilla
from tests.doubles.kubernetes_api.store import Object, Resource

PLANTED = "contents-of-a-secret-that-nobody-may-see"
STARTED = "2026-01-01T06:00:00Z"

_KINDS = {
    "services": ("", "v1"),
    "configmaps": ("", "v1"),
    "networkpolicies": ("networking.k8s.io", "v1"),
}
_OVN_KINDS = {
    "adminnetworkpolicies": ("policy.networking.k8s.io", "v1alpha1"),
    "baselineadminnetworkpolicies": ("policy.networking.k8s.io", "v1alpha1"),
    "egressfirewalls": ("k8s.ovn.org", "v1"),
    "egressips": ("k8s.ovn.org", "v1"),
    "userdefinednetworks": ("k8s.ovn.org", "v1"),
    "clusteruserdefinednetworks": ("k8s.ovn.org", "v1"),
}


def inhabited_kubernetes(*tokens: str, nodes: int = 4, pods: int = 12, objects: int = 3, images: int = 1) -> Cluster:
    """Vanilla Kubernetes: `objects` of every kind that is counted, nodes with so many images each."""
    cluster = vanilla(*tokens)
    _inhabit(cluster, nodes, pods, objects, images)
    return cluster


def inhabited_openshift(*tokens: str, nodes: int = 6, pods: int = 12, objects: int = 3, images: int = 1) -> Cluster:
    """OpenShift on OVN-Kubernetes, amid an update, with an operator that is degraded and a pool behind."""
    cluster = openshift(*tokens)
    _inhabit(cluster, nodes, pods, objects, images)
    store = cluster.store
    for kind, (group, version) in _OVN_KINDS.items():
        store.add(group, version, kind, *(item(f"{kind}-{number}") for number in range(objects)))
    config = ("config.openshift.io", "v1")
    store.objects[Resource(*config, "clusterversions")] = [item("version", **_cluster_version())]
    store.add(*config, "infrastructures", item("cluster", status=_INFRASTRUCTURE))
    store.add(*config, "networks", item("cluster", status=_NETWORK))
    store.add(*config, "clusteroperators", operator("etcd"), operator("dns", Degraded="True"))
    store.add("operator.openshift.io", "v1", "etcds", item("cluster", status={"conditions": _ETCD}))
    store.add("machineconfiguration.openshift.io", "v1", "machineconfigpools", pool("master", 3), pool("worker", 3, 1))
    return cluster


def condition(name: str, status: str, reason: str = "AsExpected", message: str = "") -> Object:
    return {"type": name, "status": status, "reason": reason, "message": message, "lastTransitionTime": STARTED}


def node(name: str, *roles: str, images: int = 1, **conditions: str) -> Object:
    """A node with 16 cores and 64 GiB; a condition that is given takes the place of a healthy one."""
    healthy = {"Ready": "True", "MemoryPressure": "False", "DiskPressure": "False", "PIDPressure": "False"}
    resources = {"cpu": "16", "memory": "67108864Ki", "ephemeral-storage": "100Gi", "pods": "250"}
    control = "control-plane" in roles
    taints = [{"key": "node-role.kubernetes.io/control-plane", "effect": "NoSchedule"}] if control else []
    labels = {f"node-role.kubernetes.io/{role}": "" for role in roles}
    made = item(
        name,
        labels=labels | {"topology.kubernetes.io/zone": "zone-a", "node.kubernetes.io/instance-type": "m6i.4xlarge"},
        spec={"taints": taints},
        status={
            "capacity": resources,
            "allocatable": resources | {"cpu": "15500m"},
            "conditions": [condition(name, status) for name, status in (healthy | conditions).items()],
            "nodeInfo": {
                "kubeletVersion": "v1.30.4",
                "kernelVersion": "5.14.0-427.el9",
                "containerRuntimeVersion": "cri-o://1.30.4",
                "osImage": "Red Hat Enterprise Linux CoreOS",
                "architecture": "amd64",
            },
            "images": [
                {"names": [f"quay.io/somebody/image-{number}@sha256:{number:064}"], "sizeBytes": 10**8}
                for number in range(images)
            ],
        },
    )
    return {**made, "metadata": made["metadata"] | {"creationTimestamp": STARTED}}


def pod(name: str, phase: str = "Running", waiting: str | None = None) -> Object:
    states = [{"state": {"waiting": {"reason": waiting}}}] if waiting else []
    return item(name, "default", spec={"nodeName": "worker-0"}, status={"phase": phase, "containerStatuses": states})


def operator(name: str, message: str = "", **conditions: str) -> Object:
    healthy = {"Available": "True", "Progressing": "False", "Degraded": "False", "Upgradeable": "True"}
    told = [condition(one, status, message=message) for one, status in (healthy | conditions).items()]
    return item(name, status={"conditions": told, "versions": [{"name": "operator", "version": "4.17.1"}]})


def pool(name: str, machines: int, behind: int = 0) -> Object:
    told = {"Updated": str(not behind), "Updating": str(bool(behind)), "Degraded": "False"}
    return item(
        name,
        spec={"paused": False},
        status={
            "machineCount": machines,
            "readyMachineCount": machines - behind,
            "updatedMachineCount": machines - behind,
            "unavailableMachineCount": behind,
            "degradedMachineCount": 0,
            "configuration": {"name": f"rendered-{name}-1"},
            "conditions": [condition(one, status) for one, status in told.items()],
        },
    )


def _inhabit(cluster: Cluster, nodes: int, pods: int, objects: int, images: int) -> None:
    store = cluster.store
    store.add("", "v1", "nodes", *_nodes(nodes, images))
    store.add("", "v1", "pods", *(pod(f"pod-{number}") for number in range(pods - 2)))
    store.add("", "v1", "pods", pod("done", "Succeeded"), pod("bad", "Running", waiting="CrashLoopBackOff"))
    store.add("", "v1", "namespaces", *(item(f"namespace-{number}") for number in range(objects)))
    for kind, (group, version) in _KINDS.items():
        store.add(group, version, kind, *(item(f"{kind}-{number}", "default") for number in range(objects)))
    secrets = (item(f"secret-{number}", "default", data={"password": PLANTED}) for number in range(objects))
    store.add("", "v1", "secrets", *secrets)


def _nodes(count: int, images: int) -> Iterator[Object]:
    for number in range(min(3, count)):
        yield node(f"master-{number}", "control-plane", "master", images=images)
    for number in range(max(0, count - 3)):
        yield node(f"worker-{number}", "worker", images=images)


def _cluster_version() -> dict[str, Any]:
    history = [
        {"version": "4.17.1", "state": "Partial", "startedTime": "2026-01-01T05:30:00Z", "completionTime": None},
        {
            "version": "4.16.9",
            "state": "Completed",
            "startedTime": "2025-11-01T10:00:00Z",
            "completionTime": "2025-11-01T11:10:00Z",
        },
    ]
    conditions = [condition("Available", "True"), condition("Progressing", "True", "ClusterOperatorsUpdating")]
    return {
        "spec": {"clusterID": "11111111-2222-3333-4444-555555555555", "channel": "stable-4.17"},
        "status": {"desired": {"version": "4.17.1"}, "history": history, "conditions": conditions},
    }


_INFRASTRUCTURE = {
    "platformStatus": {"type": "AWS"},
    "infrastructureName": "lab-x7k2p",
    "apiServerURL": "https://api.lab.example.com:6443",
    "controlPlaneTopology": "HighlyAvailable",
    "infrastructureTopology": "HighlyAvailable",
}
_NETWORK = {
    "networkType": "OVNKubernetes",
    "clusterNetworkMTU": 8901,
    "clusterNetwork": [{"cidr": "10.128.0.0/14", "hostPrefix": 23}],
    "serviceNetwork": ["172.30.0.0/16"],
}
_ETCD = [
    condition("EtcdMembersAvailable", "True", message="3 members are available"),
    condition("EtcdMembersDegraded", "False", message="No unhealthy members found"),
]
