"""What a snapshot of the Kubernetes API holds, and what it says of what it could not get."""

import threading
from datetime import datetime

import pytest

from ocpperf_assets.access.api import ApiError
from ocpperf_assets.inventory.part import Part
from ocpperf_assets.inventory.parts import PARTS
from tests.doubles.kubernetes_api import refuses, slowly
from tests.doubles.kubernetes_api.asked import Asked
from tests.doubles.kubernetes_api.cluster import Answer
from tests.doubles.kubernetes_api.inhabited import PLANTED, inhabited_kubernetes, inhabited_openshift, node, pod
from tests.ocpperf_assets.access.conftest import USER, Reach, Serve
from tests.ocpperf_assets.inventory.conftest import counts, rows, taken, told


def test_an_openshift_is_told_in_full(serve: Serve, reach: Reach) -> None:
    snapshot = taken(reach(serve(inhabited_openshift(USER))))
    assert {part.state for part in snapshot.parts} == {"ok"}
    (cluster,) = snapshot.tables["cluster"]
    assert (cluster["version"], cluster["desired_version"], cluster["channel"]) == ("4.16.9", "4.17.1", "stable-4.17")
    assert (cluster["platform"], cluster["network_type"], cluster["kubernetes_version"]) == (
        "AWS",
        "OVNKubernetes",
        "v1.30.4",
    )
    assert rows(snapshot, "update", "version", "state", "completed_at") == [
        ("4.17.1", "Partial", None),
        ("4.16.9", "Completed", datetime(2025, 11, 1, 11, 10)),
    ]
    assert rows(snapshot, "operator", "operator", "available", "degraded") == [
        ("etcd", "True", "False"),
        ("dns", "True", "True"),
    ]
    assert rows(snapshot, "pool", "pool", "machines", "updated_machines", "updating") == [
        ("master", 3, 3, "False"),
        ("worker", 3, 2, "True"),
    ]
    etcd = [row for row in snapshot.tables["condition"] if row["object_kind"] == "etcd"]
    assert [(row["condition"], row["status"], row["message"]) for row in etcd] == [
        ("EtcdMembersAvailable", "True", "3 members are available"),
        ("EtcdMembersDegraded", "False", "No unhealthy members found"),
    ]
    assert set(counts(snapshot).values()) == {3}


def test_elsewhere_the_parts_of_openshift_do_not_apply(serve: Serve, reach: Reach) -> None:
    double = serve(inhabited_kubernetes(USER))
    snapshot = taken(reach(double))
    of_openshift = {part.name for part in PARTS if part.openshift_only}
    assert {told.part.name for told in snapshot.parts if told.state == "not_applicable"} == of_openshift
    absent = {told.part.name for told in snapshot.parts if told.state == "absent"}
    assert absent == {part.name for part in PARTS if part.group in ("k8s.ovn.org", "policy.networking.k8s.io")}
    assert "the group k8s.ovn.org" in str(told(snapshot, "egressips").error)
    assert counts(snapshot) == dict.fromkeys(("namespaces", "services", "configmaps", "secrets", "networkpolicies"), 3)
    (cluster,) = snapshot.tables["cluster"]
    assert (cluster["is_openshift"], cluster["kubernetes_version"], cluster.get("version")) == (False, "v1.30.4", None)
    assert not [one for one in double.cluster.asked if "openshift" in one.path]


def test_a_node_has_roles_capacity_and_conditions_as_kubernetes_words_them(serve: Serve, reach: Reach) -> None:
    double = serve(inhabited_kubernetes(USER, nodes=1))
    double.cluster.store.add("", "v1", "nodes", node("worker-0", Ready="False", DiskPressure="Unknown"))
    snapshot = taken(reach(double))
    master, worker = snapshot.tables["node"]
    assert (master["roles"], master["taints"]) == (
        ["control-plane"],
        ["node-role.kubernetes.io/control-plane:NoSchedule"],
    )
    assert (master["cpu_cores"], master["allocatable_cpu_cores"], master["memory_bytes"]) == (16.0, 15.5, 64 * 1024**3)
    assert (worker["roles"], worker["ready"], worker["unschedulable"]) == ([], "False", False)
    states = {
        row["condition"]: row["status"] for row in snapshot.tables["condition"] if row["object_name"] == "worker-0"
    }
    assert states == {"Ready": "False", "MemoryPressure": "False", "DiskPressure": "Unknown", "PIDPressure": "False"}


@pytest.mark.parametrize("part", [part for part in PARTS if part.resource], ids=lambda part: part.name)
def test_a_part_that_is_forbidden_leaves_no_value(part: Part, serve: Serve, reach: Reach) -> None:
    double = serve(inhabited_openshift(USER))
    double.cluster.deny("get" if part.object_name else "list", part.resource)
    snapshot = taken(reach(double))
    refused = told(snapshot, part.name)
    assert (refused.state, refused.rows) == ("forbidden", ())
    assert refused.error == f"The Kubernetes API does not allow GET {part.path}."
    assert {one.state for one in snapshot.parts if one is not refused} == {"ok"}
    assert part.name not in counts(snapshot)


def test_objects_are_counted_without_a_look_into_them(serve: Serve, reach: Reach) -> None:
    double = serve(inhabited_kubernetes(USER, objects=1234))
    snapshot = taken(reach(double))
    assert told(snapshot, "secrets").requests == 1
    assert {row["counted_by"] for row in snapshot.tables["count"]} == {"remaining"}
    double.cluster.store.tells_what_remains = False
    paged = taken(reach(double))
    assert counts(paged) == counts(snapshot)
    assert {row["counted_by"] for row in paged.tables["count"]} == {"pages"}
    assert told(paged, "secrets").requests == 4
    assert PLANTED not in f"{snapshot}{paged}"
    assert USER not in f"{snapshot}{paged}"


def test_nothing_is_not_the_same_as_not_known(serve: Serve, reach: Reach) -> None:
    double = serve(inhabited_kubernetes(USER, objects=0))
    double.cluster.deny("list", "services")
    snapshot = taken(reach(double))
    assert counts(snapshot)["secrets"] == 0
    assert "services" not in counts(snapshot)


def test_pods_are_counted_page_by_page_by_what_kubectl_prints(serve: Serve, reach: Reach) -> None:
    double = serve(inhabited_kubernetes(USER, pods=1100))
    double.cluster.store.add("", "v1", "pods", pod("starting", "Pending", waiting="Init:0/2"))
    snapshot = taken(reach(double))
    assert rows(snapshot, "pod_phase", "phase", "pods", "source") == [
        ("CrashLoopBackOff", 1, "table"),
        ("Init", 1, "table"),
        ("Running", 1098, "table"),
        ("Succeeded", 1, "table"),
    ]
    asked = [one for one in double.cluster.asked if one.path == "/api/v1/pods"]
    assert len(asked) == 3
    assert all("as=Table" in one.accept and one.query["includeObject"] == "None" for one in asked)


def test_a_part_that_is_slow_holds_no_other(serve: Serve, reach: Reach) -> None:
    """It ends as a timeout; that the others were answered meanwhile is what their states say."""
    double, late = serve(inhabited_openshift(USER)), threading.Event()
    double.cluster.faults.append(slowly(late, "/api/v1/nodes"))
    try:
        snapshot = taken(reach(double, patience_s=(5.0, 0.2)))
    finally:
        late.set()
    slow = told(snapshot, "nodes")
    assert (slow.state, slow.rows) == ("timeout", ())
    assert "did not answer in time" in str(slow.error)
    assert {one.state for one in snapshot.parts if one is not slow} == {"ok"}


def test_a_list_that_breaks_off_is_no_part_of_a_list(serve: Serve, reach: Reach) -> None:
    double = serve(inhabited_kubernetes(USER, nodes=250))
    double.cluster.faults.append(lambda asked: refuses(500)(asked) if "continue" in asked.query else None)
    snapshot = taken(reach(double))
    assert (told(snapshot, "nodes").state, told(snapshot, "nodes").requests) == ("error", 2)
    assert "node" not in snapshot.tables


def test_an_answer_of_another_form_is_an_error_and_is_not_repeated(serve: Serve, reach: Reach) -> None:
    def strange(asked: Asked) -> Answer | None:
        return Answer(200, b'{"items": [{"private": "%s"}]}' % PLANTED.encode()) if "nodes" in asked.path else None

    double = serve(inhabited_kubernetes(USER))
    double.cluster.faults.append(strange)
    part = told(taken(reach(double)), "nodes")
    assert (part.state, part.error) == (
        "error",
        "The answer to /api/v1/nodes has another form than expected (KeyError).",
    )


def test_whole_objects_in_place_of_metadata_are_not_counted(serve: Serve, reach: Reach) -> None:
    """A proxy that drops the header would hand over contents; nothing of them is kept."""
    double = serve(inhabited_kubernetes(USER))
    whole = b'{"kind": "SecretList", "metadata": {}, "items": [{"metadata": {}, "data": {}}]}'
    double.cluster.faults.append(lambda asked: Answer(200, whole) if asked.named == "secrets" else None)
    assert told(taken(reach(double)), "secrets").state == "error"


def test_texts_of_the_cluster_are_bounded(serve: Serve, reach: Reach) -> None:
    double = serve(inhabited_kubernetes(USER, nodes=0))
    long = node("worker-0")
    long["status"]["conditions"][0]["message"] = "word " * 500
    double.cluster.store.add("", "v1", "nodes", long)
    (message,) = [row["message"] for row in taken(reach(double)).tables["condition"] if row["condition"] == "Ready"]
    assert len(str(message)) == 300
    assert str(message).endswith("…")


def test_an_api_that_is_down_is_one_sentence(serve: Serve, reach: Reach) -> None:
    double = serve(inhabited_kubernetes(USER))
    api = reach(double)
    double.cluster.faults.append(refuses(503))
    with pytest.raises(ApiError, match="answered HTTP 503 to GET /apis"):
        taken(api)
