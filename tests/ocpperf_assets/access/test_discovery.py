"""Where Prometheus is found, in which order, how it is verified, and what is said where there is none."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from demo.prometheus import LocalPrometheus
from ocpperf_assets.access.api import ApiError, KubernetesApi
from ocpperf_assets.access.credentials import find_credentials
from ocpperf_assets.access.discovery import discover
from ocpperf_assets.promql import Endpoint, PrometheusClient
from ocpperf_assets.promql.tokens import GivenToken
from ocpperf_mcp.contracts.errors import OcpperfError
from tests.doubles.certificates import Authority
from tests.doubles.forward_proxy import ForwardProxy, forwarding
from tests.doubles.kubernetes_api import Cluster, KubernetesDouble
from tests.doubles.kubernetes_api.flavours import (
    ROUTES,
    SERVICE_ACCOUNTS,
    SERVICES,
    item,
    openshift,
    route,
    service,
    vanilla,
)
from tests.ocpperf_assets.access.conftest import NOW, USER, Reach, Serve, guarded, settings_for
from tests.wire import Wire, status, wire_to

Inside = Callable[[Cluster, ForwardProxy], KubernetesApi]
CONFIG_MAP = "config map default-ingress-cert in openshift-config-managed, which has the CA of the routes, may not be"


def host_of(wire: Wire) -> str:
    return wire.url.partition("//")[2]


def found(api: KubernetesApi, token: str = "", **settings: Any) -> Endpoint:
    given = GivenToken(SecretStr(token)) if token else None
    endpoint = discover(settings_for(**settings), api, given)
    client = PrometheusClient(endpoint)
    assert b'"etcd"' in client.query("up", NOW + 60).body
    client.close()
    return endpoint


@pytest.fixture
def lab(ingress: Authority) -> Cluster:
    """OpenShift that publishes the CA of its routes."""
    return openshift(USER, ingress_ca=ingress.pem)


def test_the_route_of_thanos_comes_first(lab: Cluster, serve: Serve, reach: Reach, routed: Wire) -> None:
    for name in ("prometheus-k8s", "thanos-querier"):
        lab.store.add(*ROUTES, route(name, host_of(routed)))
    endpoint = found(reach(serve(lab)))
    assert (endpoint.url, endpoint.via) == (routed.url, "route thanos-querier in openshift-monitoring")
    assert (endpoint.thanos, endpoint.insecure, endpoint.warnings) == (True, False, ())


@pytest.mark.parametrize("absent", [True, False], ids=["no route of Thanos", "a route that answers 503"])
def test_then_that_of_prometheus(lab: Cluster, serve: Serve, reach: Reach, routed: Wire, absent: bool) -> None:
    lab.store.add(*ROUTES, route("prometheus-k8s", host_of(routed), path=""))
    if not absent:
        lab.store.add(*ROUTES, route("thanos-querier", "127.0.0.1:9"))
    endpoint = found(reach(serve(lab)))
    assert (endpoint.via, endpoint.thanos) == ("route prometheus-k8s in openshift-monitoring", False)


def test_a_route_with_another_path_is_asked_there(lab: Cluster, serve: Serve, reach: Reach, routed: Wire) -> None:
    lab.store.add(*ROUTES, route("thanos-querier", host_of(routed), path="/monitoring/api"))
    with pytest.raises(OcpperfError, match="No Prometheus was found"):
        found(reach(serve(lab)))
    assert {request.path for request in routed.requests} == {"/monitoring/api/v1/query"}


def test_the_certificate_of_a_route_is_verified(lab: Cluster, serve: Serve, reach: Reach, routed: Wire) -> None:
    lab.store.add(*ROUTES, route("thanos-querier", host_of(routed)))
    lab.deny("get", "configmaps", "openshift-config-managed")
    api = reach(serve(lab))
    with pytest.raises(OcpperfError) as refused:
        found(api)
    assert CONFIG_MAP in refused.value.what
    assert f"The certificate of {routed.url} is not trusted" in refused.value.what
    assert routed.requests == []


def test_the_ca_of_the_settings_is_the_only_one(
    lab: Cluster, serve: Serve, reach: Reach, routed: Wire, ingress: Authority, authority: Authority
) -> None:
    lab.store.add(*ROUTES, route("thanos-querier", host_of(routed)))
    api = reach(serve(lab))
    with pytest.raises(OcpperfError, match="is not trusted"):
        found(api, prometheus_ca=authority.certificate)
    lab.deny("get", "configmaps")
    assert found(api, prometheus_ca=ingress.certificate).ca == ingress.certificate
    assert found(api, insecure_tls=True).insecure


def test_a_route_is_reached_through_the_proxy_of_the_environment(
    lab: Cluster, serve: Serve, reach: Reach, routed: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab.store.add(*ROUTES, route("thanos-querier", "thanos.apps.lab.example:443"))
    with forwarding({"thanos.apps.lab.example:443": port_of(routed.url)}) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        with pytest.raises(OcpperfError, match="made out to another name"):
            found(reach(serve(lab)))
    assert set(proxy.passed) == {"thanos.apps.lab.example:443"}


def test_the_ca_of_the_routes_is_trusted_beside_the_others(
    behind: LocalPrometheus, authority: Authority, ingress: Authority
) -> None:
    for signer in (authority, ingress):
        with wire_to(behind.url, signer.sign("either").server_context()) as wire:
            endpoint = Endpoint(wire.url, ca=authority.certificate, further_cas=ingress.pem, attempts=1)
            assert PrometheusClient(endpoint).query("up", NOW).attempts == 1


def test_a_route_without_tls_is_sent_no_token(
    lab: Cluster, serve: Serve, reach: Reach, behind: LocalPrometheus
) -> None:
    with wire_to(behind.url) as plain:
        lab.store.add(*ROUTES, route("thanos-querier", host_of(plain), tls=None))
        endpoint = found(reach(serve(lab)), token="sha256~given")
        assert endpoint.tokens is None
        assert {request.authorization for request in plain.requests} == {None}


def test_a_token_of_the_settings_is_the_only_one_that_is_tried(
    lab: Cluster, serve: Serve, reach: Reach, routed: Wire
) -> None:
    lab.store.add(*ROUTES, route("thanos-querier", host_of(routed)))
    api = reach(serve(lab))
    with pytest.raises(OcpperfError, match=r"with the token of OCPPERF_PROMETHEUS_TOKEN: .* refused the credentials"):
        found(api, token="sha256~given")
    routed.always = guarded("sha256~given")
    assert found(api, token="sha256~given").tokens == GivenToken(SecretStr("sha256~given"))
    assert {request.authorization for request in routed.requests} == {"Bearer sha256~given"}


@pytest.mark.parametrize("refusal", [401, 403])
def test_where_the_users_token_is_refused_one_is_requested_for_the_service_account(
    lab: Cluster, serve: Serve, reach: Reach, routed: Wire, refusal: int
) -> None:
    lab.store.add(*SERVICE_ACCOUNTS, item("reader", "tools"))
    lab.store.add(*ROUTES, route("thanos-querier", host_of(routed)))
    routed.always = guarded("issued-1-of-a-service-account", refusal=refusal)
    endpoint = found(reach(serve(lab)), service_account="tools/reader")
    assert endpoint.tokens is not None
    assert endpoint.tokens.origin == "requested for service account tools/reader"
    assert lab.issued == ["issued-1-of-a-service-account"]


def test_a_user_with_a_certificate_gets_a_token_as_well(lab: Cluster, serve: Serve, reach: Reach, routed: Wire) -> None:
    lab.store.add(*SERVICE_ACCOUNTS, item("ocpperf", "ocpperf"))
    lab.store.add(*ROUTES, route("thanos-querier", host_of(routed)))
    routed.always = guarded("issued-1-of-a-service-account")
    double = serve(lab)
    found(reach(double, double.certificate_user()))


def test_what_was_tried_is_said(lab: Cluster, serve: Serve, reach: Reach, routed: Wire, tmp_path: Path) -> None:
    lab.store.add(*ROUTES, route("thanos-querier", host_of(routed)))
    lab.deny("get", "routes")
    with pytest.raises(OcpperfError) as refused:
        found(reach(serve(lab)))
    assert refused.value.what == (
        f"No Prometheus was found by context lab of {tmp_path / 'kubeconfig'}: "
        "route thanos-querier in openshift-monitoring may not be read; "
        "route prometheus-k8s in openshift-monitoring may not be read."
    )
    lab.denied.clear()
    routed.always = guarded("nobody's")
    with pytest.raises(OcpperfError, match=r"There is no service account ocpperf/ocpperf; there is no route prom"):
        found(reach(serve(lab)))


def test_a_login_page_is_no_prometheus(lab: Cluster, serve: Serve, reach: Reach, routed: Wire) -> None:
    lab.store.add(*ROUTES, route("thanos-querier", host_of(routed)))
    routed.always = status(200, b"<!DOCTYPE html>")
    with pytest.raises(OcpperfError, match="answered with a web page"):
        found(reach(serve(lab)))


def test_without_an_api_its_fault_is_said(lab: Cluster, serve: Serve, reach: Reach) -> None:
    lab.tokens.clear()
    with pytest.raises(ApiError, match="does not accept the credential"):
        found(reach(serve(lab)))


@pytest.fixture
def plain(behind: LocalPrometheus) -> Cluster:
    """A vanilla Kubernetes in whose namespaces the same Prometheus may be looked for."""
    cluster = vanilla(USER)
    cluster.store.add(*SERVICES, service("kubernetes", "default", 443, "https"))
    for name in ("prometheus-k8s", "prometheus-operated", "stack", "chart", "prometheus"):
        cluster.upstreams[f"monitoring/{name}"] = behind.url
    return cluster


RANKED = (
    service("prometheus-k8s", "monitoring"),
    service("stack", "monitoring", 9090, "http-web", app="kube-prometheus-stack-prometheus"),
    service("prometheus-operated", "monitoring"),
    item(
        "chart",
        "monitoring",
        {"app.kubernetes.io/name": "prometheus", "app.kubernetes.io/component": "server"},
        spec={"ports": [{"name": "grpc", "port": 10901}, {"port": 80}]},
    ),
    service("prometheus", "monitoring"),
)


@pytest.mark.parametrize("first", range(len(RANKED)))
def test_outside_a_vanilla_cluster_it_is_the_apis_proxy_with_a_warning(
    plain: Cluster, serve: Serve, reach: Reach, first: int
) -> None:
    plain.store.add(*SERVICES, *reversed(RANKED[first:]))
    endpoint = found(reach(serve(plain)))
    name = RANKED[first]["metadata"]["name"]
    assert endpoint.via == f"the API server's proxy to service {name} in monitoring"
    (warning,) = endpoint.warnings
    assert "every answer passes through the server under test" in warning


def test_a_user_with_a_certificate_is_proxied_as_well(plain: Cluster, serve: Serve, reach: Reach) -> None:
    plain.store.add(*SERVICES, *RANKED)
    double = serve(plain)
    assert found(reach(double, double.certificate_user())).tokens is None


def test_a_token_for_prometheus_does_not_go_to_the_api(plain: Cluster, serve: Serve, reach: Reach) -> None:
    plain.store.add(*SERVICES, *RANKED)
    found(reach(serve(plain)), token="sha256~given")
    assert {one.authorization for one in plain.asked} == {f"Bearer {USER}"}


def test_a_prometheus_that_wants_a_token_is_not_reached_through_the_proxy(
    plain: Cluster, serve: Serve, reach: Reach, behind: LocalPrometheus
) -> None:
    plain.store.add(*SERVICES, *RANKED[:1])
    with wire_to(behind.url) as wire:
        wire.always = guarded(USER)
        plain.upstreams["monitoring/prometheus-k8s"] = wire.url
        with pytest.raises(OcpperfError, match=r"proxy to service prometheus-k8s in monitoring .*refused the cred"):
            found(reach(serve(plain)))
        assert {request.authorization for request in wire.requests} == {None}


def test_routes_alone_make_no_openshift(plain: Cluster, serve: Serve, reach: Reach) -> None:
    plain.store.add(*ROUTES)
    plain.store.add(*SERVICES, *RANKED)
    assert "proxy to service prometheus-k8s" in found(reach(serve(plain))).via


def test_an_applications_prometheus_does_not_answer_for_openshifts(
    lab: Cluster, serve: Serve, reach: Reach, behind: LocalPrometheus
) -> None:
    lab.store.add(*SERVICES, *RANKED)
    lab.upstreams["monitoring/prometheus-k8s"] = behind.url
    with pytest.raises(OcpperfError, match="there is no route thanos-querier"):
        found(reach(serve(lab)))


def test_a_vanilla_cluster_without_prometheus(plain: Cluster, serve: Serve, reach: Reach) -> None:
    plain.store.add(*SERVICES, service("prometheus", "somewhere-else"))
    plain.deny("list", "services", "kube-system")
    with pytest.raises(OcpperfError) as refused:
        found(reach(serve(plain)))
    assert "services in kube-system may not be listed" in refused.value.what
    assert "no service in the usual namespaces looks like Prometheus" in refused.value.what


@pytest.fixture
def inside(serve: Serve, pod: Path, monkeypatch: pytest.MonkeyPatch) -> Inside:
    """The API as a pod sees it, in a network that knows names of services."""

    def enter(cluster: Cluster, proxy: ForwardProxy) -> KubernetesApi:
        double: KubernetesDouble = serve(cluster)
        host, _, port = double.url.removeprefix("https://").partition(":")
        monkeypatch.setenv("KUBERNETES_SERVICE_HOST", host)
        monkeypatch.setenv("KUBERNETES_SERVICE_PORT", port)
        for name in ("HTTP_PROXY", "HTTPS_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        credentials = find_credentials(settings_for(), pod)
        assert credentials is not None
        return KubernetesApi(credentials)

    return enter


def port_of(url: str) -> int:
    return int(url.rpartition(":")[2])


def test_a_pod_of_a_vanilla_cluster_asks_the_service_itself(
    plain: Cluster, inside: Inside, behind: LocalPrometheus
) -> None:
    plain.store.add(*SERVICES, *RANKED)
    with forwarding({"prometheus-k8s.monitoring.svc:9090": port_of(behind.url)}) as proxy:
        endpoint = found(inside(plain, proxy), token="sha256~given")
    assert endpoint.url == "http://prometheus-k8s.monitoring.svc:9090"
    assert (endpoint.via, endpoint.tokens, endpoint.warnings) == ("service prometheus-k8s in monitoring", None, ())


def test_a_pod_of_openshift_trusts_the_service_ca_alone(
    inside: Inside, pod: Path, behind: LocalPrometheus, authority: Authority, ingress: Authority, tmp_path: Path
) -> None:
    service_name = "thanos-querier.openshift-monitoring.svc"
    serving = Authority(tmp_path / "service-ca", "the service CA")
    (pod / "service-ca.crt").write_text(serving.pem, encoding="ascii")
    with wire_to(behind.url, serving.sign(service_name).server_context()) as wire:
        wire.always = guarded(USER)
        with forwarding({f"{service_name}:9091": port_of(wire.url)}) as proxy:
            api = inside(openshift(USER), proxy)
            endpoint = found(api)
            assert endpoint.url == f"https://{service_name}:9091"
            assert (endpoint.thanos, endpoint.ca) == (True, pod / "service-ca.crt")
            (pod / "service-ca.crt").write_text(ingress.pem, encoding="ascii")
            with pytest.raises(OcpperfError, match=f"The certificate of https://{service_name}:9091 is not trusted"):
                found(api)
    assert f"{service_name}:9091" in proxy.passed
