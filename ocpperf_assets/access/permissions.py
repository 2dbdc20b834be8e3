"""Every right that the code uses at the Kubernetes API: the one list that deploy/rbac.yaml and the doctor follow.

Whoever asks the API for something else adds a line here and the rule in deploy/rbac.yaml; a test compares them.
What the inventory asks for stands in its own list, `inventory/parts`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum

from ocpperf_assets.access import openshift
from ocpperf_assets.access.api import ApiError, KubernetesApi
from ocpperf_assets.etcd_status.pods import KUBEADM, OPENSHIFT
from ocpperf_assets.inventory.part import Part
from ocpperf_assets.inventory.parts import PARTS

READER = "ocpperf"
"""The cluster role of whoever collects; bound to the service account."""
OUTSIDE = "ocpperf-outside"
"""The cluster role of people outside the cluster whose kubeconfig alone is not enough; bound to nobody."""
INVENTORY = "ocpperf-inventory"
"""The cluster role for the hourly snapshot; bound to the service account, and may be left out."""
SECRETS = "ocpperf-secrets"
"""The cluster role for counting secrets; bound to nobody, since whoever may list them may read what they hold."""
ETCD_EXEC = "ocpperf-etcd-exec"
"""The cluster role for etcdctl in etcd's pods, in a file of its own: it amounts to cluster-admin."""

_TOKEN = "serviceaccounts/token"


class Where(Enum):
    """The clusters in which a right is of use."""

    OPENSHIFT = "OpenShift"
    KUBERNETES = "any other Kubernetes"
    ANY = "any"


@dataclass(frozen=True)
class Permission:
    """One verb on one resource."""

    group: str
    """API group, empty for the core group."""
    resource: str
    """With its subresource, as in RBAC: `serviceaccounts/token`."""
    verb: str
    needed_for: str
    lost_without: str
    """What follows `without it,`."""
    instead: str
    """What to do, in a sentence."""
    where: Where = Where.ANY
    names: tuple[str, ...] = ()
    """The only objects it is about; all where there is none."""
    namespace: str = ""
    """Where the objects are; every namespace where it is empty."""
    role: str = READER

    def __str__(self) -> str:
        group = f".{self.group}" if self.group else ""
        return f"{self.verb} {self.resource}{group}"


_OF_PROMETHEUS = (
    Permission(
        openshift.ROUTE_GROUP,
        "routes",
        "get",
        needed_for="the address of Thanos or Prometheus",
        lost_without="Prometheus is not found",
        instead="Set OCPPERF_PROMETHEUS_URL.",
        where=Where.OPENSHIFT,
        names=tuple(monitor.name for monitor in openshift.MONITORS),
        namespace=openshift.NAMESPACE,
    ),
    Permission(
        "",
        "configmaps",
        "get",
        needed_for="the CA that signs the routes' certificates",
        lost_without="a certificate that the cluster itself has signed is not trusted",
        instead="Set OCPPERF_PROMETHEUS_CA, unless a CA of the system signed the routes.",
        where=Where.OPENSHIFT,
        names=openshift.INGRESS_CA[1:],
        namespace=openshift.INGRESS_CA[0],
    ),
    Permission(
        "",
        "services",
        "list",
        needed_for="the address of a Prometheus without a route",
        lost_without="Prometheus is not found",
        instead="Set OCPPERF_PROMETHEUS_URL.",
        where=Where.KUBERNETES,
    ),
    Permission(
        "",
        _TOKEN,
        "create",
        needed_for="a token for Prometheus where the kubeconfig has none that it takes",
        lost_without="there is no token for Prometheus",
        instead="Log in with a token, or set OCPPERF_PROMETHEUS_TOKEN_FILE.",
        where=Where.OPENSHIFT,
        names=("ocpperf",),
        namespace="ocpperf",
        role=OUTSIDE,
    ),
    Permission(
        "",
        "services/proxy",
        "get",
        needed_for="asking a Prometheus without a route what it is, from outside the cluster",
        lost_without="it stays unknown what server answers",
        instead="Run in the cluster, or set OCPPERF_PROMETHEUS_URL.",
        where=Where.KUBERNETES,
        role=OUTSIDE,
    ),
    Permission(
        "",
        "services/proxy",
        "create",
        needed_for="sending queries (POST) to a Prometheus without a route, from outside the cluster",
        lost_without="Prometheus is not reached from here",
        instead="Run in the cluster, or set OCPPERF_PROMETHEUS_URL.",
        where=Where.KUBERNETES,
        role=OUTSIDE,
    ),
)


def _of_part(part: Part) -> Permission:
    return Permission(
        part.group,
        part.resource,
        "get" if part.object_name else "list",
        needed_for=f"the inventory: {part.what}",
        lost_without=f"the inventory lacks {part.what}",
        instead="Bind the role of deploy/rbac.yaml, or do without: what is missing is recorded as forbidden.",
        where=Where.OPENSHIFT if part.openshift_only else Where.ANY,
        names=(part.object_name,) if part.object_name else (),
        role=SECRETS if part.sensitive else INVENTORY,
    )


def _of_etcdctl(where: Where, namespace: str) -> Iterator[Permission]:
    """A web socket is a GET, which takes `get`; since Kubernetes 1.35 it takes `create` as well."""
    for resource, verb, needed_for in (
        ("pods", "list", "finding etcd's pods"),
        ("pods/exec", "get", "running etcdctl in them over a web socket"),
        ("pods/exec", "create", "the same since Kubernetes 1.35"),
    ):
        yield Permission(
            "",
            resource,
            verb,
            needed_for=needed_for,
            lost_without="etcdctl is not run",
            instead="Apply deploy/rbac-etcd-exec.yaml after reading its warning, or unset OCPPERF_ETCD_EXEC.",
            where=where,
            namespace=namespace,
            role=ETCD_EXEC,
        )


PERMISSIONS = (
    *_OF_PROMETHEUS,
    *(_of_part(part) for part in PARTS if part.resource),
    *_of_etcdctl(Where.OPENSHIFT, OPENSHIFT.namespace),
    *_of_etcdctl(Where.KUBERNETES, KUBEADM.namespace),
)


def of_use(api: KubernetesApi, service_account: str) -> list[Permission]:
    """Those of use in this cluster to this credential; `service_account`: namespace/name. Raises ApiError."""
    here = Where.OPENSHIFT if openshift.is_openshift(api) else Where.KUBERNETES
    roles = {READER} if api.credentials.pod or _has_token_for(here, api) else {READER, OUTSIDE}
    wanted = [one for one in PERMISSIONS if one.where in (Where.ANY, here) and one.role in roles]
    return [_about(one, service_account) for one in wanted]


def of_inventory(api: KubernetesApi) -> list[Permission]:
    """Those of which the inventory makes use in this cluster, counting secrets included. Raises ApiError."""
    here = Where.OPENSHIFT if openshift.is_openshift(api) else Where.KUBERNETES
    wanted = (one for one in PERMISSIONS if one.role in (INVENTORY, SECRETS) and one.where in (Where.ANY, here))
    return [one for one in wanted if not one.group or api.has_group(one.group)]


def of_etcd_exec(api: KubernetesApi) -> list[Permission]:
    """Those that running etcdctl takes in this cluster. Raises ApiError."""
    here = Where.OPENSHIFT if openshift.is_openshift(api) else Where.KUBERNETES
    return [one for one in PERMISSIONS if one.role == ETCD_EXEC and one.where is here]


def _about(permission: Permission, service_account: str) -> Permission:
    if permission.resource != _TOKEN:
        return permission
    namespace, _, name = service_account.partition("/")
    return replace(permission, namespace=namespace, names=(name,))


def _has_token_for(here: Where, api: KubernetesApi) -> bool:
    return here is Where.OPENSHIFT and api.credentials.bearer() is not None


def is_given(api: KubernetesApi, permission: Permission) -> bool:
    """Ask the API about ourselves (SelfSubjectAccessReview), once for each object. Raises ApiError."""
    return all(_review(api, permission, name) for name in permission.names or ("",))


def _review(api: KubernetesApi, permission: Permission, name: str) -> bool:
    resource, _, subresource = permission.resource.partition("/")
    asked = {
        "namespace": permission.namespace,
        "verb": permission.verb,
        "group": permission.group,
        "resource": resource,
        "subresource": subresource,
        "name": name,
    }
    review = {
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SelfSubjectAccessReview",
        "spec": {"resourceAttributes": {key: value for key, value in asked.items() if value}},
    }
    answer = api.create("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", review)
    if answer is None:
        raise ApiError("The Kubernetes API does not review access.", "Ask its administrator which rights you have.")
    return bool((answer.get("status") or {}).get("allowed"))
