"""Every part of the inventory, an entry each; the rights they take follow from the paths (`access/permissions`)."""

from ocpperf_assets.inventory.conditions import conditions_alone
from ocpperf_assets.inventory.nodes import of_node
from ocpperf_assets.inventory.openshift import of_operator, of_pool
from ocpperf_assets.inventory.part import Part
from ocpperf_assets.inventory.reading import counted, every, one, printed
from ocpperf_assets.inventory.versions import of_cluster_version, of_infrastructure, of_kubernetes, of_network

_CONFIG = "/apis/config.openshift.io/v1"
_OVN = "/apis/k8s.ovn.org/v1"
_POLICY = "/apis/policy.networking.k8s.io/v1alpha1"
# A node lists the images it has: 20 kB of JSON each.
_NODES_A_PAGE = 100

POD_PHASES = "pod_phases"


def _count(path: str, what: str, *, sensitive: bool = False) -> Part:
    kind = path.rpartition("/")[2]
    return Part(kind, path, counted(kind), f"the number of {what}", kind, sensitive=sensitive)


PARTS = (
    Part("kubernetes_version", "/version", one(of_kubernetes), "the version of Kubernetes"),
    Part(
        "cluster_version",
        f"{_CONFIG}/clusterversions/version",
        one(of_cluster_version),
        "the version of OpenShift and its updates",
        openshift_only=True,
    ),
    Part(
        "infrastructure",
        f"{_CONFIG}/infrastructures/cluster",
        one(of_infrastructure),
        "the platform",
        openshift_only=True,
    ),
    Part("network", f"{_CONFIG}/networks/cluster", one(of_network), "the network's type and MTU", openshift_only=True),
    Part("nodes", "/api/v1/nodes", every(of_node, _NODES_A_PAGE), "nodes with capacity and conditions"),
    Part("operators", f"{_CONFIG}/clusteroperators", every(of_operator), "cluster operators", openshift_only=True),
    Part(
        "etcd_operator",
        "/apis/operator.openshift.io/v1/etcds/cluster",
        one(conditions_alone("etcd")),
        "the etcd operator's conditions",
        openshift_only=True,
    ),
    Part(
        "pools",
        "/apis/machineconfiguration.openshift.io/v1/machineconfigpools",
        every(of_pool),
        "machine config pools",
        openshift_only=True,
    ),
    Part(POD_PHASES, "/api/v1/pods", printed("Status", "pod_phase"), "pods by phase"),
    _count("/api/v1/namespaces", "namespaces"),
    _count("/api/v1/services", "services"),
    _count("/api/v1/configmaps", "config maps"),
    _count("/api/v1/secrets", "secrets", sensitive=True),
    _count("/apis/networking.k8s.io/v1/networkpolicies", "network policies"),
    _count(f"{_POLICY}/adminnetworkpolicies", "admin network policies"),
    _count(f"{_POLICY}/baselineadminnetworkpolicies", "baseline admin network policies"),
    _count(f"{_OVN}/egressfirewalls", "egress firewalls"),
    _count(f"{_OVN}/egressips", "egress IPs"),
    _count(f"{_OVN}/userdefinednetworks", "user-defined networks"),
    _count(f"{_OVN}/clusteruserdefinednetworks", "cluster user-defined networks"),
)
