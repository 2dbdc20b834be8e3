"""The commands, told of no Prometheus: they find it, say how, and repeat no token anywhere."""

import logging
import math
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg
import pytest

from demo.prometheus import LocalPrometheus
from ocpperf_assets.assets.raw import raw_asset
from ocpperf_assets.doctor.examine import Wish, examine
from ocpperf_assets.endpoint import endpoint
from ocpperf_assets.partitions import cluster_hours
from ocpperf_assets.resources import PrometheusResource, WarehouseResource
from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.warehouse import open_published
from tests import wire as faults
from tests.conftest import Ended, run_here, shipped_knowledge
from tests.doubles.certificates import Authority
from tests.doubles.kubernetes_api import KubernetesDouble
from tests.doubles.kubernetes_api.flavours import ROUTES, SERVICE_ACCOUNTS, SERVICES, item, openshift, route, service
from tests.doubles.kubernetes_api.flavours import vanilla as vanilla_cluster
from tests.ocpperf_assets.access.conftest import USER, Serve, settings_for
from tests.planted import found_in
from tests.wire import Reply, Request, Wire

ROUTE = "route thanos-querier in openshift-monitoring"
AWAY = "store sidecar-1: connection refused"
Run = Callable[..., Ended]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """A command as somebody types it who has a kubeconfig, and settings besides."""
    monkeypatch.chdir(tmp_path)

    def typed(double: KubernetesDouble, *words: str, **settings: str) -> Ended:
        config = double.kubeconfig(tmp_path / "kubeconfig", {"token": USER})
        named = {f"OCPPERF_{name}".upper(): value for name, value in settings.items()}
        environment = {"KUBECONFIG": str(config), "OCPPERF_HOME": str(tmp_path / "home"), **named}
        return run_here(environment, *words)

    return typed


@pytest.fixture
def lab(serve: Serve, routed: Wire, ingress: Authority) -> KubernetesDouble:
    """OpenShift whose querier takes only tokens of the service account, and has a store away."""
    cluster = openshift(USER, ingress_ca=ingress.pem)
    cluster.store.add(*ROUTES, route("thanos-querier", routed.url.partition("//")[2]))
    cluster.store.add(*SERVICE_ACCOUNTS, item("ocpperf", "ocpperf"))
    routed.always = _worn_out_after(math.inf)
    return serve(cluster)


def _worn_out_after(uses: float) -> faults.Fault:
    """Tokens of the service account are taken that often."""
    used: dict[str, int] = {}
    otherwise = faults.with_a_store_away(AWAY)

    def fault(wire: Wire, request: Request) -> Reply | None:
        token = (request.authorization or "").removeprefix("Bearer ")
        used[token] = used.get(token, 0) + 1
        if not token.startswith("issued-") or used[token] > uses:
            return Reply(401, b"Unauthorized")
        return otherwise(wire, request)

    return fault


def test_a_run_finds_thanos_and_outlives_its_tokens_without_repeating_one(
    lab: KubernetesDouble,
    routed: Wire,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    routed.always = _worn_out_after(3)
    # Side by side, one query could wear out the token that another one has just renewed.
    monkeypatch.setenv("OCPPERF_PROMETHEUS_CONCURRENCY", "1")
    monkeypatch.chdir(tmp_path)
    home = Home(tmp_path / "home")
    monkeypatch.setenv("KUBECONFIG", str(lab.kubeconfig(tmp_path / "kubeconfig", {"token": USER})))
    monkeypatch.setenv("OCPPERF_HOME", str(home.root))
    monkeypatch.setenv("OCPPERF_CLUSTER", "lab")
    (tmp_path / "dagster").mkdir()
    with dg.DagsterInstance.local_temp(str(tmp_path / "dagster")) as instance:
        done = dg.materialize(
            [raw_asset("alert", shipped_knowledge(), cluster_hours(["lab"], datetime(2026, 1, 1, tzinfo=UTC)))],
            partition_key="lab|2026-01-01-00:00",
            run_config={"ops": {"raw__alert": {"config": {"metrics": ["targets_down_share", "targets_down"]}}}},
            resources={"prometheus": PrometheusResource(), "warehouse": WarehouseResource(database=str(home.link))},
            instance=instance,
        )
    assert done.success
    with open_published(home) as con:
        states = con.execute("select distinct status, notes from raw_extraction where metric = 'targets_down_share'")
        assert states.fetchall() == [("partial", AWAY)]
    assert len(lab.cluster.issued) > 1
    said = f"found by {ROUTE}."
    assert said in caplog.text
    assert found_in(tmp_path / "dagster", [said]), "what is there would be found"
    planted = [USER, *lab.cluster.issued]
    assert not [token for token in planted if token in caplog.text]
    assert found_in(home.root, planted) == found_in(tmp_path / "dagster", planted) == []


def test_a_collection_says_what_it_found(lab: KubernetesDouble, run: Run) -> None:
    ended = run(lab, "collect", "--from", "2025-12-01T00:00Z", "--to", "2025-12-01T01:00Z")
    assert ended.code == 1
    said = " ".join(ended.errors.split())
    assert re.search(rf"^Prometheus: https://\S+, found by {ROUTE}\. ocpperf: https://\S+ has no data of any", said)


def test_the_doctor_says_what_it_found_and_what_it_may(lab: KubernetesDouble, run: Run) -> None:
    lab.cluster.deny("get", "routes", "somewhere-else")
    ended = run(lab, "doctor")
    lines = ended.output.splitlines()
    assert f"ok: The Kubernetes API at {lab.url} answers, asked with context lab of" in lines[1]
    assert lines[2] == "ok: It gives the 2 rights that are of use here."
    assert lines[3] == "ok: It gives the 10 rights that the inventory needs."
    assert f", found by {ROUTE}, answers, in " in lines[4]
    assert lines[5] == "ok: The certificate is verified, by the CAs of the system or that of the cluster's routes."
    assert lines[6] == "ok: The token requested for service account ocpperf/ocpperf is accepted."
    assert "Thanos 0.36.1" in lines[7]


def test_the_doctor_says_what_is_lost_by_a_right_that_is_missing(
    serve: Serve, run: Run, behind: LocalPrometheus
) -> None:
    cluster = vanilla_cluster(USER)
    cluster.store.add(*SERVICES, service("prometheus-k8s", "monitoring"))
    cluster.deny("create", "services/proxy")
    cluster.upstreams["monitoring/prometheus-k8s"] = behind.url
    cluster.deny("list", "nodes")
    cluster.deny("list", "secrets")
    ended = run(serve(cluster), "doctor")
    assert ended.code == 1
    lines = ended.output.splitlines()
    assert lines[2] == (
        "warning: The right to create services/proxy in every namespace is missing; without it, Prometheus is not "
        "reached from here. Run in the cluster, or set OCPPERF_PROMETHEUS_URL."
    )
    assert lines[3] == (
        "warning: 1 of 6 rights for the inventory are missing: list nodes; without them, their parts are recorded as "
        "forbidden. Bind the role ocpperf-inventory of deploy/rbac.yaml, or set OCPPERF_KUBERNETES=0."
    )
    assert lines[4] == "ok: Secrets are not counted: whoever may list them may read what they hold."
    assert lines[5].startswith("fault: No Prometheus was found by context lab")
    assert "refused the credentials (HTTP 403)" in lines[5]


def test_beside_an_address_the_api_is_asked_for_the_inventory_alone(
    lab: KubernetesDouble, run: Run, behind: LocalPrometheus
) -> None:
    ended = run(lab, "doctor", prometheus_url=behind.url)
    lines = ended.output.splitlines()
    assert lines[1] == f"ok: The Kubernetes API at {lab.url} answers, and is asked for the inventory alone."
    assert lines[2] == "ok: It gives the 10 rights that the inventory needs."
    assert lines[3].startswith(f"ok: {behind.url} answers")
    assert "No token is set" in ended.output


def test_rights_to_run_etcdctl_are_looked_at_only_when_it_is_on(
    lab: KubernetesDouble, run: Run, behind: LocalPrometheus
) -> None:
    lab.cluster.deny("create", "pods/exec", "openshift-etcd")
    assert "OCPPERF_ETCD_EXEC" not in run(lab, "doctor", prometheus_url=behind.url).output
    lines = run(lab, "doctor", prometheus_url=behind.url, etcd_exec="1").output.splitlines()
    assert lines[3].startswith(
        "warning: etcdctl is run in etcd's pods (OCPPERF_ETCD_EXEC): the right to that amounts to"
    )
    assert lines[4] == (
        "warning: The right to create pods/exec in openshift-etcd is missing; without it, etcdctl is not run. Apply "
        "deploy/rbac-etcd-exec.yaml after reading its warning, or unset OCPPERF_ETCD_EXEC."
    )


def test_a_credential_that_fails_costs_the_inventory_and_nothing_else(
    lab: KubernetesDouble, run: Run, behind: LocalPrometheus
) -> None:
    lab.cluster.tokens.clear()
    lines = run(lab, "doctor", prometheus_url=behind.url).output.splitlines()
    assert lines[1].startswith(f"warning: No inventory can be taken: The Kubernetes API at {lab.url} does not accept")
    assert lines[2].startswith(f"ok: {behind.url} answers")


def test_settings_may_leave_the_api_alone(lab: KubernetesDouble, run: Run, behind: LocalPrometheus) -> None:
    ended = run(lab, "doctor", prometheus_url=behind.url, kubernetes="0")
    lines = ended.output.splitlines()
    assert lines[1] == "ok: The Kubernetes API is not asked where Prometheus is: its address is given."
    assert lines[2].startswith(f"ok: {behind.url} answers")
    assert lab.cluster.asked == []


def test_without_address_and_credential_both_are_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    lines = [str(line) for line in examine(Wish())]
    assert lines[1:] == [
        "ok: The Kubernetes API is not asked: there is no kubeconfig, and this is no pod with a service account.",
        "fault: No Prometheus is configured, and no Kubernetes credential was found to look for one. Set "
        "OCPPERF_PROMETHEUS_URL, for example http://localhost:9090, or KUBECONFIG.",
    ]


def test_what_was_found_is_not_looked_for_again(lab: KubernetesDouble, tmp_path: Path) -> None:
    config = lab.kubeconfig(tmp_path / "kubeconfig", {"token": USER})
    found = endpoint(settings_for(config))
    asked = len(lab.cluster.asked)
    assert endpoint(settings_for(config)) is found
    assert len(lab.cluster.asked) == asked
    assert endpoint(settings_for(config, prometheus_concurrency=2)) is not found
