"""Clusters to begin with: OpenShift with its monitoring, and a vanilla Kubernetes without any."""

from typing import Any

from tests.doubles.kubernetes_api.cluster import Cluster
from tests.doubles.kubernetes_api.store import Object

ROUTES = ("route.openshift.io", "v1", "routes")
SERVICES = ("", "v1", "services")
CONFIG_MAPS = ("", "v1", "configmaps")
SERVICE_ACCOUNTS = ("", "v1", "serviceaccounts")


def item(name: str, namespace: str = "", labels: dict[str, str] | None = None, **parts: Any) -> Object:
    """An object: what has no namespace is the cluster's."""
    metadata = {"name": name} | ({"namespace": namespace} if namespace else {}) | ({"labels": labels} if labels else {})
    return {"metadata": metadata, **parts}


def vanilla(*tokens: str) -> Cluster:
    """Kubernetes with the core resources and nothing in them; the tokens are accepted."""
    cluster = Cluster(tokens=set(tokens))
    for resource in (SERVICES, CONFIG_MAPS, SERVICE_ACCOUNTS):
        cluster.store.add(*resource)
    cluster.store.add("apps", "v1", "deployments")
    return cluster


def openshift(*tokens: str, ingress_ca: str = "") -> Cluster:
    """OpenShift without a route yet; with the CA of its routes where there is one."""
    cluster = vanilla(*tokens)
    cluster.store.add(*ROUTES)
    cluster.store.add("config.openshift.io", "v1", "clusterversions", item("version"))
    if ingress_ca:
        published = item("default-ingress-cert", "openshift-config-managed", data={"ca-bundle.crt": ingress_ca})
        cluster.store.add(*CONFIG_MAPS, published)
    return cluster


def route(name: str, host: str, tls: str | None = "reencrypt", path: str = "/api") -> Object:
    """A route of openshift-monitoring, admitted at that host (and port, which real ones never have)."""
    spec = {"host": host, "path": path, "to": {"kind": "Service", "name": name}}
    return item(name, "openshift-monitoring", spec=spec | ({"tls": {"termination": tls}} if tls else {}))


def service(name: str, namespace: str, port: int = 9090, port_name: str = "web", **labels: str) -> Object:
    """A service with one port; in names of labels, `__` stands for `-`."""
    ports = [{"name": port_name, "port": port}]
    known = {label.replace("__", "-"): value for label, value in labels.items()}
    return item(name, namespace, known, spec={"clusterIP": "10.0.0.1", "ports": ports})
