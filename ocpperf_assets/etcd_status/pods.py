"""The pods etcd runs in, and how etcdctl is called in each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ocpperf_assets.access.api import Json, KubernetesApi
from ocpperf_assets.access.openshift import is_openshift
from ocpperf_assets.access.pod_command import Container

_PROGRAM = "etcdctl"
_VARIABLES = "ETCDCTL_"
# Flags of the server, and those that say the same to the client.
_FLAGS = {
    "--trusted-ca-file": "--cacert",
    "--cert-file": "--cert",
    "--key-file": "--key",
    "--advertise-client-urls": "--endpoints",
}


@dataclass(frozen=True)
class Place:
    """Where a distribution keeps etcd; the first of `containers` that a pod has is the one to ask in."""

    namespace: str
    selector: str
    containers: tuple[str, ...]


OPENSHIFT = Place("openshift-etcd", "app=etcd", ("etcdctl", "etcd"))
KUBEADM = Place("kube-system", "component=etcd", ("etcd",))


@dataclass(frozen=True)
class EtcdPod:
    """A pod of etcd. `etcdctl`: the words that begin a command; they may name keys, so they are in no text."""

    container: Container
    node: str | None
    addresses: tuple[str, ...]
    is_running: bool
    etcdctl: tuple[str, ...] = field(repr=False)

    @property
    def name(self) -> str:
        return self.container.pod


def etcd_pods(api: KubernetesApi) -> list[EtcdPod]:
    """Every pod that has a container to ask in, running or not, by name. Raises ApiError."""
    place = OPENSHIFT if is_openshift(api) else KUBEADM
    found = api.items(f"/api/v1/namespaces/{place.namespace}/pods", labelSelector=place.selector)
    return sorted((pod for item in found for pod in _pod(item, place)), key=lambda pod: pod.name)


def _pod(item: Json, place: Place) -> Iterator[EtcdPod]:
    containers = {one["name"]: one for one in item["spec"]["containers"]}
    name = next((name for name in place.containers if name in containers), None)
    if name is None:
        return
    status = item.get("status") or {}
    addresses = [status.get("hostIP"), *(one.get("ip") for one in status.get("podIPs") or ()), status.get("podIP")]
    yield EtcdPod(
        Container(place.namespace, item["metadata"]["name"], name),
        item["spec"].get("nodeName"),
        tuple(dict.fromkeys(address for address in addresses if address)),
        _is_running(status, name),
        _etcdctl(containers[name]),
    )


def _is_running(status: Json, container: str) -> bool:
    states = [one.get("state") or {} for one in status.get("containerStatuses") or () if one["name"] == container]
    return status.get("phase") == "Running" and any("running" in state for state in states)


def _etcdctl(container: Json) -> tuple[str, ...]:
    """With variables, as on OpenShift, etcdctl takes no flag that says the same; without, it is told the server's."""
    if any(one["name"].startswith(_VARIABLES) for one in container.get("env") or ()):
        return (_PROGRAM,)
    given = _flags([*(container.get("command") or ()), *(container.get("args") or ())])
    return (_PROGRAM, *(f"{ours}={given[theirs]}" for theirs, ours in _FLAGS.items() if theirs in given))


def _flags(words: Sequence[str]) -> dict[str, str]:
    """Flags with their values, written as `--flag=value` or as two words."""
    found = {}
    for word, following in zip(words, [*words[1:], ""], strict=True):
        flag, equals, value = word.partition("=")
        if flag.startswith("--"):
            found[flag] = value if equals else following
    return found
