"""What `get_etcd_cluster_status` tells: each field with its source, disputes first, what nobody knows as unknown."""

from pathlib import Path

from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.tools.page import BUDGET, cost
from tests.ocpperf_mcp.tools.asking import Answer, ask, rows_of
from tests.sql.folder_case import SQL, publish_case, read_case

CASES = SQL.parent / "tests" / "sql" / "rpt_etcd_status"


def status(tmp_path: Path, case: str) -> Answer:
    home = publish_case(Home(tmp_path / "home"), read_case(CASES / case / "input.yaml"))
    return ask(home, "get_etcd_cluster_status", duration="1h")


def test_one_member_down_is_told_by_every_source(tmp_path: Path) -> None:
    answer = status(tmp_path, "normal_one_member_down")
    assert cost(answer) <= BUDGET
    assert "etcd is degraded, 2 of 3 members healthy." in answer["notes"]
    (etcd,) = rows_of(answer, "etcd")
    assert (etcd["state"], etcd["leader"], etcd["leader_changes"]) == ("degraded", "m2", 1)
    assert [(row["member"], row["state"]) for row in rows_of(answer, "members")] == [
        ("m1", "healthy"),
        ("m2", "healthy"),
        ("m3", "unhealthy"),
    ]
    assert [row["source"] for row in rows_of(answer, "sources") if row["field"] == "state"] == [
        "etcd_has_leader, target_up",
        "etcdctl",
        "operator conditions EtcdMembersAvailable, EtcdMembersDegraded",
    ]
    version = next(row for row in rows_of(answer, "sources") if row["source"] == "etcd_member_version")
    assert version == {
        "field": "version",
        "source": "etcd_member_version",
        "told_at": "2026-01-01T10:59Z",
        "agrees": True,
        "told": "etcd 3.5.16, 3.5.18, m1 3.5.16, m2 3.5.18",
    }
    assert [row["value"] for row in rows_of(answer, "conditions")] == [
        "EtcdMembersAvailable True: 2 of 3 members are available, m3 is unhealthy",
        "EtcdMembersDegraded True: 2 of 3 members are available, m3 is unhealthy",
    ]


def test_sources_that_disagree_come_first_and_are_said_to(tmp_path: Path) -> None:
    answer = status(tmp_path, "edge_sources_that_disagree")
    assert "etcd is disputed, 2 of 2 members healthy." in answer["notes"]
    assert "Sources disagree on etcd: leader: m2 by etcd_is_leader, m1 by etcdctl." in answer["notes"]
    assert "Sources disagree on m2: is_healthy: true by etcd_has_leader, false by etcdctl." in answer["notes"]
    agreeing = [row["agrees"] for row in rows_of(answer, "sources")]
    assert agreeing[0] is False
    assert False not in agreeing[agreeing.index(True) :]


def test_metrics_alone_answer_and_what_they_do_not_tell_is_unknown(tmp_path: Path) -> None:
    answer = status(tmp_path, "edge_kubeadm_without_an_inventory")
    assert "etcd's state is unknown, 1 of 2 members healthy." in answer["notes"]
    assert [note for note in answer["notes"] if note.startswith("No snapshot of the Kubernetes API is recent")]
    assert [(row["member"], row["state"]) for row in rows_of(answer, "members")][2] == ("etcd-c", "unknown")


def test_without_any_etcd_nothing_is_called_healthy(home: Home) -> None:
    answer = ask(home, "get_etcd_cluster_status", duration="1h")
    assert "etcd's state is unknown." in answer["notes"]
    assert rows_of(answer, "etcd") == [{"state": "unknown"}]
    assert "members" not in answer["tables"]
