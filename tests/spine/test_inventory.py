"""An inventory taken as people take it: beside a real Prometheus, of an API that may be away or another cluster's."""

import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from rich.console import Console

from demo.prometheus import LocalPrometheus
from ocpperf_assets.assets.inventory import INVENTORY, inventory_asset
from ocpperf_assets.clusters.configured import configured_clusters
from ocpperf_assets.collecting.inventory import take_inventory
from ocpperf_assets.etcd_status.warning import ETCD_EXEC_ON
from ocpperf_assets.partitions import cluster_hours, partition_key
from ocpperf_assets.resources import WarehouseResource
from ocpperf_assets.settings import Settings
from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.contracts.windows import HOUR, floor_hour
from ocpperf_mcp.sql.describe import describe_tables
from ocpperf_mcp.sql.limits import Limits
from ocpperf_mcp.sql.run import SqlRunner
from ocpperf_mcp.warehouse import open_published
from tests.conftest import Ended, collect_here, run_here, shipped_knowledge
from tests.doubles.certificates import Authority
from tests.doubles.kubernetes_api import KubernetesDouble, refuses, serving_api
from tests.doubles.kubernetes_api.inhabited import PLANTED, inhabited_openshift, node
from tests.doubles.kubernetes_api.store import Resource
from tests.ocpperf_assets.etcd_status.conftest import KEY, Etcd, answers, etcd_pods_of_openshift
from tests.openmetrics import serving
from tests.planted import found_in

TOKEN = "sha256~a-secret-of-the-user"
PODS = 7
SERIES = {
    "up": ('job="etcd"', 1),
    "kube_node_info": ('namespace="openshift-monitoring",job="kube-state-metrics",node="master-0"', 1),
    "kube_pod_status_phase": ('namespace="openshift-monitoring",job="kube-state-metrics",phase="Running"', PODS),
}


@pytest.fixture(scope="module")
def metrics(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalPrometheus]:
    """The last half an hour of one node, and of pods that run on it."""
    now = int(time.time())
    lines: list[str] = []
    for name, (labels, value) in SERIES.items():
        lines.append(f"# TYPE {name} gauge")
        lines += [f"{name}{{{labels}}} {value} {at}" for at in range(now - 1800, now, 30)]
    with serving(lines, tmp_path_factory.mktemp("metrics")) as server:
        yield server


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KubernetesDouble]:
    cluster = inhabited_openshift(TOKEN)
    cluster.store.add("", "v1", "pods", *etcd_pods_of_openshift())
    cluster.program = Etcd(answers("3.5-one-down"))
    with serving_api(cluster, Authority(tmp_path_factory.mktemp("authority"))) as double:
        yield double


@pytest.fixture
def lab(served: KubernetesDouble) -> Iterator[KubernetesDouble]:
    """The API, well and of the cluster whose metrics there are; afterwards again."""
    nodes = served.cluster.store.objects[Resource("", "v1", "nodes")]
    before = list(nodes)
    yield served
    served.cluster.faults.clear()
    served.cluster.denied.clear()
    served.cluster.asked.clear()
    nodes[:] = before


@pytest.fixture(scope="module")
def environment(
    metrics: LocalPrometheus, served: KubernetesDouble, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, str]:
    root = tmp_path_factory.mktemp("inventory")
    return {
        "OCPPERF_HOME": str(root / "home"),
        "OCPPERF_CLUSTER": "lab",
        "OCPPERF_PROMETHEUS_URL": metrics.url,
        "OCPPERF_ETCD_EXEC": "1",
        "KUBECONFIG": str(served.kubeconfig(root / "kubeconfig", {"token": TOKEN})),
    }


@pytest.fixture(scope="module")
def away(served: KubernetesDouble, environment: dict[str, str]) -> Ended:
    """A collection while the Kubernetes API is down: the home it leaves has metrics alone."""
    served.cluster.faults.append(refuses(503))
    ended = collect_here(environment, "--last", "20m")
    served.cluster.faults.clear()
    return ended


@dataclass(frozen=True)
class Taken:
    """A home with a snapshot in it, what was said of it, and what the API was asked."""

    home: Home
    said: str
    asked: frozenset[str]


@pytest.fixture(scope="module")
def beside(away: Ended, served: KubernetesDouble, environment: dict[str, str]) -> Taken:
    """What a collection does after its metrics, the API being well again; its secrets may not be listed."""
    assert away.code == 3
    served.cluster.asked.clear()
    served.cluster.deny("list", "secrets")
    said = StringIO()
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        (cluster,) = configured_clusters(Settings()).each
        assert take_inventory(cluster.settings, cluster, Console(file=said, width=200))
    served.cluster.denied.clear()
    home = Home(Path(environment["OCPPERF_HOME"]))
    return Taken(home, said.getvalue(), frozenset(one.path for one in served.cluster.asked))


@pytest.fixture
def home(beside: Taken) -> Home:
    return beside.home


Materialize = Callable[..., dg.ExecuteInProcessResult]


@pytest.fixture
def materialize(home: Home, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Materialize:
    """The asset alone, for the hour of a moment."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    partitions = cluster_hours(["lab"], floor_hour(datetime.now(UTC)) - 2 * HOUR)

    def run(moment: datetime, instance: dg.DagsterInstance | None = None) -> dg.ExecuteInProcessResult:
        return dg.materialize(
            [inventory_asset(shipped_knowledge(), partitions)],
            partition_key=partition_key("lab", floor_hour(moment)),
            resources={"warehouse": WarehouseResource(database=str(home.link))},
            instance=instance,
            raise_on_error=False,
        )

    return run


def test_an_api_that_is_down_costs_the_inventory_and_nothing_else(away: Ended, home: Home) -> None:
    assert away.code == 3
    assert "No inventory: The Kubernetes API answered HTTP 503 to GET /apis. Try again later" in away.errors
    assert rows(home, "select count(distinct metric) from raw_pods") == [(1,)]


def test_a_snapshot_stands_beside_the_metrics(beside: Taken, home: Home) -> None:
    assert "Inventory: ok: 20 parts; forbidden: secrets." in beside.said
    assert rows(home, "select distinct phase, pods, source from raw_inventory_pod_phase") == [
        ("Running", PODS, "metric")
    ]
    assert "/api/v1/nodes" in beside.asked
    assert "/api/v1/pods" not in beside.asked
    assert rows(home, "select cpu_cores from dim_node where node = 'master-0'") == [(16.0,)]


def test_no_secret_is_in_what_is_kept_told_or_reported(
    beside: Taken, home: Home, environment: dict[str, str], tmp_path: Path
) -> None:
    planted = (TOKEN, PLANTED, KEY)
    for form in ("html", "json", "markdown"):
        assert run_here(environment, "report", "--format", form, "--out", str(tmp_path / form)).code == 0
    assert found_in(home.root, planted) == found_in(tmp_path, planted) == []
    assert not [word for word in planted if word in beside.said]
    assert found_in(home.root, ["master-0"]), "what is there would be found"


def test_the_examples_of_its_tables_have_rows(home: Home) -> None:
    """Two of three at least: the third may ask for what a good day does not have."""
    names = [model.name for model in shipped_knowledge().models if "_inventory" in model.name]
    with open_published(home) as con:
        tables = describe_tables(con, names)
    with SqlRunner(home, Limits(seconds=60)) as runner:
        found = {one.name: [bool(runner.run(example).rows) for example in one.examples] for one in tables}
    assert {name: rows for name, rows in found.items() if len(rows) != 3 or sum(rows) < 2} == {}


def test_the_open_hour_has_one_snapshot_and_its_metadata_say_what_it_holds(
    lab: KubernetesDouble, home: Home, materialize: Materialize
) -> None:
    for denied in ("nodes", "configmaps"):
        lab.cluster.deny("list", denied)
        told = metadata(materialize(datetime.now(UTC)))
    states = {record.data["part"]: record.data["state"] for record in told["parts"].records}
    assert (states["nodes"], states["configmaps"], states["services"]) == ("forbidden", "forbidden", "ok")
    assert told["forbidden"].value == "nodes, configmaps"
    of_hour = "select count(distinct taken_at) from raw_inventory_part group by date_trunc('hour', taken_at)"
    assert set(rows(home, of_hour)) == {(1,)}


def test_etcdctl_is_run_with_a_warning_and_nothing_secret_is_kept(
    lab: KubernetesDouble, home: Home, beside: Taken, materialize: Materialize, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    assert f"Warning: {ETCD_EXEC_ON}" in " ".join(beside.said.split())
    with dg.DagsterInstance.ephemeral() as instance:
        result = materialize(datetime.now(UTC), instance)
        said = [entry.user_message for entry in instance.all_logs(result.run_id)]
    assert ETCD_EXEC_ON in said
    assert rows(home, "select verdict from raw_inventory_etcd") == [("degraded, 2 of 3",)]
    told = f"{caplog.text} {said} {beside.said} {metadata(result)}"
    assert not [word for word in (TOKEN, KEY) if word in told]
    assert found_in(home.root, (TOKEN, KEY)) == []


def test_of_an_hour_that_is_over_nothing_is_asked(lab: KubernetesDouble, materialize: Materialize) -> None:
    told = metadata(materialize(datetime.now(UTC) - HOUR))
    assert str(told["not asked"].value).endswith("only the open hour is asked for.")
    assert lab.cluster.asked == []


def test_the_api_of_another_cluster_is_refused(lab: KubernetesDouble, home: Home, materialize: Materialize) -> None:
    """Its numbers under our name would be worse than none."""
    before = rows(home, "from raw_inventory_part order by all")
    lab.cluster.store.objects[Resource("", "v1", "nodes")][:] = [node("elsewhere-0", "worker")]
    result = materialize(datetime.now(UTC))
    (failure,) = [event.step_failure_data for event in result.all_events if event.is_step_failure]
    assert failure.error is not None
    assert failure.error.cause is not None
    assert "is that of another cluster: Prometheus knows none of its nodes." in failure.error.cause.message
    assert rows(home, "from raw_inventory_part order by all") == before


def metadata(result: dg.ExecuteInProcessResult) -> dict[str, Any]:
    assert result.success
    (event,) = [one for one in result.get_asset_materialization_events() if one.asset_key == INVENTORY]
    return dict(event.materialization.metadata)


def rows(home: Home, query: str) -> list[tuple[object, ...]]:
    with open_published(home) as con:
        return con.execute(query).fetchall()
