"""Where OpenShift's own monitoring answers: the routes of openshift-monitoring, and their services from within."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ocpperf_assets.access.api import ApiError, Json, KubernetesApi
from ocpperf_assets.access.candidate import Candidate, Takes

NAMESPACE = "openshift-monitoring"
ROUTE_GROUP = "route.openshift.io"
_CONFIG_GROUP = "config.openshift.io"
INGRESS_CA = ("openshift-config-managed", "default-ingress-cert")
"""The config map in which OpenShift publishes the CA of its routes."""
_PORT = 9091
"""`web` of both services: behind kube-rbac-proxy, which asks for the right to view cluster monitoring."""


@dataclass(frozen=True)
class Monitor:
    """One of the servers; route and service have the same name."""

    name: str
    thanos: bool


# The querier first: it has user workloads as well, and one answer of both replicas.
MONITORS = (Monitor("thanos-querier", True), Monitor("prometheus-k8s", False))


def is_openshift(api: KubernetesApi) -> bool:
    """By its configuration: MicroShift has routes as well, and no monitoring of its own. Raises ApiError."""
    return api.has_group(_CONFIG_GROUP)


def of_routes(api: KubernetesApi, note: Callable[[str], None]) -> Iterator[Candidate]:
    """The routes there are, best first. `note` hears why one is none."""
    for monitor in MONITORS:
        via = f"route {monitor.name} in {NAMESPACE}"
        try:
            route = api.get(f"/apis/{ROUTE_GROUP}/v1/namespaces/{NAMESPACE}/routes/{monitor.name}")
        except ApiError as fault:
            if not fault.is_forbidden:
                raise
            note(f"{via} may not be read")
            continue
        host = (route or {}).get("spec", {}).get("host")
        if route and host:
            yield _of_route(route, monitor, via, ingress_ca(api, note))
        else:
            note(f"there is no {via}" if route is None else f"{via} has no host")


def _of_route(route: Json, monitor: Monitor, via: str, further_cas: str) -> Candidate:
    """A route with a path admits that path alone; Prometheus' API begins with /api by itself."""
    secure = bool(route["spec"].get("tls"))
    path = str(route["spec"].get("path") or "").rstrip("/").removesuffix("/api")
    return Candidate(
        f"{'https' if secure else 'http'}://{route['spec']['host']}{path}",
        via,
        takes=Takes.CLUSTER,
        thanos=monitor.thanos,
        further_cas=further_cas,
    )


def ingress_ca(api: KubernetesApi, note: Callable[[str], None]) -> str:
    """The CA of the routes in PEM, empty where it may not be read: then it has to be one of the system's."""
    namespace, name = INGRESS_CA
    try:
        found = api.get(f"/api/v1/namespaces/{namespace}/configmaps/{name}") or {}
    except ApiError as fault:
        if not fault.is_forbidden:
            raise
        note(f"config map {name} in {namespace}, which has the CA of the routes, may not be read")
        return ""
    return str((found.get("data") or {}).get("ca-bundle.crt") or "")


def of_services(api: KubernetesApi) -> Iterator[Candidate]:
    """The services behind the routes, for a pod of the same cluster; no right is needed to know their names."""
    pod = api.credentials.pod
    if pod is None:
        return
    service_ca = pod / "service-ca.crt"
    for monitor in MONITORS:
        yield Candidate(
            f"https://{monitor.name}.{NAMESPACE}.svc:{_PORT}",
            f"service {monitor.name} in {NAMESPACE}",
            takes=Takes.CLUSTER,
            thanos=monitor.thanos,
            ca=service_ca if service_ca.is_file() else None,
        )
