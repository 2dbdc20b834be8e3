"""etcdctl as a part of the inventory: what is filed, and the state where nothing is."""

import logging
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from ocpperf_assets.access.api import KubernetesApi
from ocpperf_assets.inventory.etcdctl import ETCDCTL
from ocpperf_assets.inventory.load import load_snapshots
from ocpperf_assets.inventory.snapshot import Snapshot, Told, take_snapshot
from ocpperf_assets.inventory.stage import stage
from ocpperf_assets.models import create_raw_tables
from tests.doubles.kubernetes_api.cluster import status
from tests.doubles.kubernetes_api.commands import Wrote
from tests.doubles.kubernetes_api.flavours import openshift
from tests.ocpperf_assets.access.conftest import USER, Reach, Serve
from tests.ocpperf_assets.etcd_status.conftest import KEY, QUESTIONS, Etcd, answers, on_kubeadm, on_openshift
from tests.sql.folder_case import DOMAINS, SQL


def taken(api: KubernetesApi, **off: str) -> tuple[Snapshot, Told]:
    snapshot = take_snapshot(
        api, cluster="c1", taken_at=datetime(2026, 1, 1, 6, 8, tzinfo=UTC), parts=[ETCDCTL], off=off
    )
    return snapshot, snapshot.parts[0]


def filed(snapshot: Snapshot, directory: Path) -> duckdb.DuckDBPyConnection:
    """The warehouse's own tables, loaded from what was staged."""
    stage(snapshot, directory)
    con = duckdb.connect()
    create_raw_tables(con, SQL, DOMAINS)
    load_snapshots(con, directory, lambda *_: None)
    return con


def test_members_and_verdict_are_filed(serve: Serve, reach: Reach, tmp_path: Path, one_down: Etcd) -> None:
    snapshot, told = taken(reach(serve(on_openshift(one_down))))
    assert told.state == "ok"
    con = filed(snapshot, tmp_path)
    assert con.sql("select verdict, leader, healthy_members, voting_members from raw_inventory_etcd").fetchall() == [
        ("degraded, 2 of 3", "master-1", 2, 3)
    ]
    columns = "member, member_id, node, is_healthy, is_leader, version, raft_term, alarms, errors"
    rows = con.sql(f"select {columns} from raw_inventory_etcd_member order by member").fetchall()
    assert rows[1] == ("master-1", "91bc3c398fb3c146", "master-1", True, True, "3.5.16", 7, [], [])
    assert rows[2][3:] == (False, False, None, None, None, ["context deadline exceeded"])


def test_a_member_that_never_started_has_a_row_without_values(serve: Serve, reach: Reach, tmp_path: Path) -> None:
    snapshot, _ = taken(reach(serve(on_openshift(Etcd(answers("3.4-learner-not-started"))))))
    found = filed(snapshot, tmp_path).sql(
        "select member, endpoint, is_healthy, version, is_learner from raw_inventory_etcd_member where is_learner"
    )
    assert found.fetchall() == [("886980c3849c504a", None, None, None, True)]


def test_without_the_setting_nothing_runs(serve: Serve, reach: Reach, one_down: Etcd) -> None:
    double = serve(on_openshift(one_down))
    snapshot, told = taken(reach(double), etcdctl="it is off")
    assert (told.state, told.error, told.rows, snapshot.failed) == ("off", "it is off", (), ())
    assert one_down.ran == []
    assert not [one for one in double.cluster.asked if one.named.startswith("pods")]


@pytest.mark.parametrize(("verb", "resource"), [("list", "pods"), ("get", "pods/exec"), ("create", "pods/exec")])
def test_without_a_right_it_is_forbidden(serve: Serve, reach: Reach, one_down: Etcd, verb: str, resource: str) -> None:
    double = serve(on_openshift(one_down))
    double.cluster.deny(verb, resource)
    _, told = taken(reach(double))
    assert (told.state, told.rows) == ("forbidden", ())


def test_pods_that_do_not_answer_in_time_are_a_timeout(serve: Serve, reach: Reach, one_down: Etcd) -> None:
    double = serve(on_openshift(one_down))
    double.cluster.faults.append(lambda asked: status(504, "Timeout") if asked.command else None)
    _, told = taken(reach(double))
    assert (told.state, told.rows, told.requests) == ("timeout", (), 4)


def test_a_cluster_without_pods_of_etcd_has_none(serve: Serve, reach: Reach) -> None:
    cluster = openshift(USER)
    cluster.store.add("", "v1", "pods")
    _, told = taken(reach(serve(cluster)))
    assert (told.state, told.rows) == ("absent", ())


def test_no_secret_is_staged_logged_or_told(
    serve: Serve, reach: Reach, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    health = f'[{{"endpoint":"https://10.0.0.10:2379","health":false,"took":"1s","error":"open {KEY}: no such file"}}]'
    told = {**dict.fromkeys(QUESTIONS, Wrote(stderr=f"open {KEY}", exit_code=1)), "endpoint health": Wrote(health)}
    snapshot, _ = taken(reach(serve(on_kubeadm(Etcd(told)))))
    con = filed(snapshot, tmp_path)
    rows = [con.sql(f"select * from raw_inventory_{table}").fetchall() for table in ("etcd", "etcd_member", "part")]
    assert "open (a file): no such file" in str(rows)
    staged = b"".join(path.read_bytes() for path in tmp_path.rglob("*.parquet"))
    for place in (str(rows), caplog.text, str(snapshot), staged.decode(errors="replace")):
        assert [secret for secret in (USER, KEY, "server.crt") if secret in place] == []
