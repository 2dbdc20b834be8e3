"""Where Prometheus answers in a Kubernetes that is no OpenShift: services with usual names and labels."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from ocpperf_assets.access.api import ApiError, Json, KubernetesApi
from ocpperf_assets.access.candidate import Candidate, Takes

NAMESPACES = (
    "monitoring",
    "prometheus",
    "kube-prometheus",
    "kube-prometheus-stack",
    "observability",
    "cattle-monitoring-system",
    "kube-system",
    "default",
)
PROXY = (
    "Prometheus is asked through the API server's service proxy: every answer passes through the server under test, "
    "and no token reaches Prometheus. Set OCPPERF_PROMETHEUS_URL to an address of its own, or run in the cluster."
)


@dataclass(frozen=True)
class Kind:
    """What a service looks like: one of these names, or all of these labels."""

    names: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)

    def is_of(self, service: Json) -> bool:
        labels = service["metadata"].get("labels") or {}
        alike = bool(self.labels) and all(labels.get(name) == value for name, value in self.labels.items())
        return service["metadata"]["name"] in self.names or alike


# kube-prometheus, kube-prometheus-stack, the operator's headless service, the prometheus chart, and plain ones.
KINDS = (
    Kind(("prometheus-k8s",)),
    Kind(labels={"app": "kube-prometheus-stack-prometheus"}),
    Kind(("prometheus-operated",), {"operated-prometheus": "true"}),
    Kind(("prometheus-server",), {"app.kubernetes.io/name": "prometheus", "app.kubernetes.io/component": "server"}),
    Kind(("prometheus",)),
)
_PORT_NAMES = ("web", "http-web", "http", "https", "https-web")
_PORTS = (9090, 9091, 80, 443)


def of_services(api: KubernetesApi, note: Callable[[str], None]) -> Iterator[Candidate]:
    """Services that look like Prometheus, best first: by their name within the cluster, else by the API's proxy."""
    services = list(chain.from_iterable(_services(api, namespace, note) for namespace in NAMESPACES))
    known: list[Json] = []
    for kind in KINDS:
        known += [service for service in services if kind.is_of(service) and service not in known]
    if not known:
        note("no service in the usual namespaces looks like Prometheus")
    for service in known:
        if found := _candidate(api, service):
            yield found
        else:
            note(f"{_named(service)} has no port that looks like Prometheus'")


def _services(api: KubernetesApi, namespace: str, note: Callable[[str], None]) -> Iterator[Json]:
    try:
        yield from api.items(f"/api/v1/namespaces/{namespace}/services")
    except ApiError as fault:
        if not fault.is_forbidden:
            raise
        note(f"services in {namespace} may not be listed")


def _candidate(api: KubernetesApi, service: Json) -> Candidate | None:
    port = _port(service)
    if port is None:
        return None
    number = int(port["port"])
    secure = str(port.get("name") or "").startswith("https") or number == 443
    scheme = "https" if secure else "http"
    name, namespace = service["metadata"]["name"], service["metadata"]["namespace"]
    if api.credentials.pod:
        return Candidate(f"{scheme}://{name}.{namespace}.svc:{number}", _named(service))
    return _proxied(api, f"/api/v1/namespaces/{namespace}/services/{scheme}:{name}:{number}/proxy", _named(service))


def _proxied(api: KubernetesApi, path: str, named: str) -> Candidate:
    """The token goes to the API server, which takes it off before it passes the question on."""
    known = api.credentials.configuration
    return Candidate(
        api.address + path,
        f"the API server's proxy to {named}",
        takes=Takes.API,
        ca=Path(known.ssl_ca_cert) if known.ssl_ca_cert else None,
        client_certificate=(known.cert_file, known.key_file) if known.cert_file and known.key_file else None,
        warnings=(PROXY,),
    )


def _port(service: Json) -> Json | None:
    ports = service["spec"].get("ports") or []
    by_name = [port for name in _PORT_NAMES for port in ports if port.get("name") == name]
    by_number = [port for number in _PORTS for port in ports if port["port"] == number]
    return next(iter([*by_name, *by_number]), None)


def _named(service: Json) -> str:
    return f"service {service['metadata']['name']} in {service['metadata']['namespace']}"
