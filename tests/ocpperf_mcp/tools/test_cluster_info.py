"""What `get_ocp_cluster_info` tells of a cluster: the inventory where there is one, and what is missing of it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.tools.page import BUDGET, cost
from tests.ocpperf_mcp.conftest import CASE
from tests.ocpperf_mcp.tools.asking import ask, rows_of
from tests.sql.folder_case import publish_case, read_case

TOOL = "get_ocp_cluster_info"
TAKEN = {"cluster": "c1", "taken_at": "2026-01-01 11:08:00"}


def rows(*those: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{**TAKEN, **one} for one in those]


def condition(kind: str, name: str, condition: str, status: str, **more: str) -> dict[str, str]:
    return {"object_kind": kind, "object_name": name, "condition": condition, "status": status, **more}


INVENTORY: dict[str, list[dict[str, Any]]] = {
    "raw_inventory_part": rows(
        {"part": "nodes", "state": "ok"},
        {"part": "operators", "state": "ok"},
        {"part": "pools", "state": "timeout"},
        {"part": "services", "kind": "services", "state": "ok"},
        {"part": "secrets", "kind": "secrets", "state": "forbidden"},
        {"part": "egressips", "kind": "egressips", "state": "absent"},
    ),
    "raw_inventory_cluster": rows({"is_openshift": True, "version": "4.16.9", "platform": "AWS"}),
    "raw_inventory_node": rows(
        *({"node": f"n{number}", "roles": ["worker"], "ready": "True", "cpu_cores": 16} for number in range(500)),
        {"node": "n500", "roles": ["worker"], "ready": "False", "cpu_cores": 16},
    ),
    "raw_inventory_condition": rows(
        condition("node", "n500", "Ready", "False", reason="KubeletNotReady"),
        condition("clusteroperator", "dns", "Degraded", "True", reason="Gone", message="one is gone"),
    ),
    "raw_inventory_operator": rows(
        {"operator": "dns", "version": "4.16.9", "available": "True", "degraded": "True"},
        {"operator": "etcd", "version": "4.16.9", "available": "True", "degraded": "False"},
    ),
    "raw_inventory_count": rows({"kind": "services", "objects": 7}),
    "raw_inventory_pod_phase": rows({"phase": "Running", "pods": 9, "source": "table"}),
}


@pytest.fixture(scope="module")
def inventoried(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The cluster of case.yaml with a snapshot of 501 nodes. Only to be read."""
    case = replace(read_case(CASE), raw=INVENTORY)
    return publish_case(Home(tmp_path_factory.mktemp("inventoried") / "home"), case)


def test_what_is_not_well_and_how_large_it_is_comes_first(inventoried: Home) -> None:
    answer = ask(inventoried, TOOL, duration="1h")
    assert cost(answer) <= BUDGET
    (cluster,) = rows_of(answer, "cluster")
    assert cluster == {"taken_at": "2026-01-01T11:08Z", "is_openshift": True, "version": "4.16.9", "platform": "AWS"}
    assert rows_of(answer, "operators_not_well") == [
        {"operator": "dns", "available": "True", "degraded": "True", "reason": "Gone", "message": "one is gone"}
    ]
    assert [(row["node"], row["unwell"]) for row in rows_of(answer, "nodes_not_well")] == [
        ("n500", ["Ready False (KubeletNotReady)"])
    ]
    assert rows_of(answer, "nodes_by_role") == [
        {"role": "worker", "nodes": 501, "ready": 500, "unschedulable": 0, "cpu_cores": 8016}
    ]
    assert rows_of(answer, "pods") == [{"phase": "Running", "pods": 9, "source": "table"}]


def test_what_could_not_be_counted_is_no_number(inventoried: Home) -> None:
    answer = ask(inventoried, TOOL, duration="1h")
    assert rows_of(answer, "counts") == [
        {"kind": "egressips", "objects": None, "not_counted": "absent"},
        {"kind": "secrets", "objects": None, "not_counted": "forbidden"},
        {"kind": "services", "objects": 7, "not_counted": None},
    ]
    assert "pools" not in answer["tables"]
    assert "The Kubernetes API did not tell everything (forbidden: secrets; timeout: pools)." in answer["notes"]
    snapshot = "Versions, operators, pools, readiness and counts are of the snapshot of 2026-01-01T11:08Z."
    assert snapshot in answer["notes"]


def test_before_the_first_snapshot_nothing_is_known_of_it(inventoried: Home) -> None:
    answer = ask(inventoried, TOOL, start_time="2026-01-01T09:00Z", end_time="2026-01-01T10:00Z")
    assert [note for note in answer["notes"] if note.startswith("No inventory was taken")]
    assert "cluster" not in answer["tables"]


def test_metrics_alone_tell_the_nodes(home: Home) -> None:
    answer = ask(home, TOOL)
    assert {row["node"] for row in rows_of(answer, "nodes")} == {"n1", "n2"}
    assert [note for note in answer["notes"] if note.startswith("No inventory was taken")]
