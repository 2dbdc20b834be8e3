"""What etcd's pods tell, from every pod, and what it amounts to."""

import logging
import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest

from ocpperf_assets.access.api import KubernetesApi
from ocpperf_assets.etcd_status.ask import View, ask
from ocpperf_assets.etcd_status.members import MemberStatus, merged
from ocpperf_assets.etcd_status.pods import etcd_pods
from ocpperf_assets.etcd_status.verdict import Verdict, judge
from tests.doubles.kubernetes_api.commands import Ran, Wrote, never_started
from tests.ocpperf_assets.access.conftest import USER, Reach, Serve
from tests.ocpperf_assets.etcd_status.conftest import KEY, Etcd, answers, on_kubeadm, on_openshift, question

UNHEALTHY = Wrote(stderr="Error: unhealthy cluster", exit_code=1)


def asked(api: KubernetesApi, deadline_s: float = 20.0) -> tuple[list[View], list[MemberStatus], Verdict]:
    views = ask(api, etcd_pods(api), deadline_s)
    members = merged(views)
    return views, members, judge(members, [fault for view in views for fault in view.faults])


@pytest.fixture
def released() -> Iterator[threading.Event]:
    event = threading.Event()
    yield event
    event.set()


@pytest.mark.parametrize(
    ("name", "text", "leader", "reasons"),
    [
        ("3.4-healthy", "healthy, 3 of 3", "m3", []),
        ("3.4-one-down", "degraded, 2 of 3", "m1", ["m3 is not healthy: context deadline exceeded"]),
        ("3.5-one-down", "degraded, 2 of 3", "master-1", ["master-2 is not healthy: context deadline exceeded"]),
        ("3.4-no-quorum", "no quorum, 1 of 3", None, ["no leader is known to m1"]),
        ("3.4-no-space", "degraded, 3 of 3", "m3", ["alarm NOSPACE on m1", "alarm NOSPACE on m2"]),
        ("3.5-no-space", "degraded, 0 of 3", "master-1", ["alarm NOSPACE on master-2"]),
        ("3.4-learner", "healthy, 3 of 3", "m3", []),
        ("3.4-learner-not-started", "healthy, 3 of 3", "m3", []),
        (
            "3.6-differing",
            "healthy, 3 of 3",
            "master-1",
            [
                "versions differ: 3.6.1 on master-2, 3.6.4 on master-0 and master-1",
                "raft terms differ: 6 on master-2, 7 on master-0 and master-1",
            ],
        ),
    ],
)
def test_the_verdict_of_each_version(
    serve: Serve, reach: Reach, name: str, text: str, leader: str | None, reasons: list[str]
) -> None:
    _, _, verdict = asked(reach(serve(on_openshift(Etcd(answers(name))))))
    assert (verdict.text, verdict.leader) == (text, leader)
    assert [one for one in reasons if one not in verdict.reasons] == []
    assert bool(verdict.reasons) is bool(reasons)


def test_learners_do_not_vote_and_are_named(serve: Serve, reach: Reach) -> None:
    _, members, verdict = asked(reach(serve(on_openshift(Etcd(answers("3.4-learner"))))))
    assert (verdict.voters, verdict.learners) == (3, ("m4",))
    assert [one.is_healthy for one in members] == [True, True, True, None]


def test_each_pod_is_asked_once_for_everything(serve: Serve, reach: Reach, one_down: Etcd) -> None:
    _, members, _ = asked(reach(serve(on_openshift(one_down))))
    assert {(ran.pod, ran.container) for ran in one_down.ran} == {(f"etcd-master-{at}", "etcdctl") for at in range(3)}
    assert sorted({ran.argv for ran in one_down.ran}) == [
        ("etcdctl", "endpoint", "health", "--cluster", "--write-out=json"),
        ("etcdctl", "endpoint", "status", "--cluster", "--write-out=json"),
        ("etcdctl", "member", "list", "--write-out=json"),
    ]
    assert len(one_down.ran) == 9
    down = members[2]
    assert (down.node, down.healthy_from, len(down.unhealthy_from)) == ("master-2", (), 3)


def test_kubeadm_says_by_its_flags_where_the_keys_are(serve: Serve, reach: Reach, one_down: Etcd) -> None:
    _, members, verdict = asked(reach(serve(on_kubeadm(one_down))))
    assert verdict.text == "degraded, 2 of 3"
    assert [one.node for one in members] == ["master-0", "master-1", "master-2"]
    (first,) = {ran.argv[:5] for ran in one_down.ran if ran.pod == "etcd-master-0"}
    assert first == (
        "etcdctl",
        "--cacert=/etc/kubernetes/pki/etcd/ca.crt",
        "--cert=/etc/kubernetes/pki/etcd/server.crt",
        f"--key={KEY}",
        "--endpoints=https://10.0.0.10:2379",
    )


def test_without_a_quorum_no_list_of_members_is_waited_for(serve: Serve, reach: Reach) -> None:
    etcd = Etcd(answers("3.5-no-quorum"))
    _, members, verdict = asked(reach(serve(on_openshift(etcd))))
    assert [ran.argv for ran in etcd.ran if "--cluster" in ran.argv] == []
    assert (verdict.text, len(members)) == ("no quorum, 1 of 3", 3)
    assert (
        "etcdctl member list in pod etcd-master-0 gave no answer: Error: context deadline exceeded." in verdict.reasons
    )


def test_without_a_list_pods_that_were_not_asked_count_as_members(serve: Serve, reach: Reach) -> None:
    """On kubeadm each pod knows its own endpoint alone."""
    told = answers("3.5-no-quorum")
    alone = told["endpoint health"].stdout.split("},")[0] + "}]"
    etcd = Etcd({**told, "endpoint health": replace(told["endpoint health"], stdout=alone)})
    for other in ("etcd-master-1", "etcd-master-2"):
        etcd.pods[other] = lambda _: never_started("container not running")
    _, members, verdict = asked(reach(serve(on_kubeadm(etcd))))
    assert verdict.text == "no quorum, 1 of 3"
    assert "master-1 was not asked" in verdict.reasons
    assert [one.node for one in members] == ["master-0", "master-1", "master-2"]


def test_one_pod_that_hangs_or_does_not_run_hides_nothing(
    serve: Serve, reach: Reach, one_down: Etcd, released: threading.Event
) -> None:
    def hang(_: Ran) -> Wrote:
        released.wait(60)
        return Wrote()

    one_down.pods["etcd-master-1"] = hang
    views, _, verdict = asked(reach(serve(on_openshift(one_down, stopped="master-2"))), deadline_s=1.0)
    assert verdict.text == "degraded, 2 of 3"
    assert [bool(view.status) for view in views] == [True, False, False]
    assert len([ran for ran in one_down.ran if ran.pod == "etcd-master-1"]) == 1
    assert (
        "The command in container etcdctl of pod openshift-etcd/etcd-master-1 did not end in time." in verdict.reasons
    )
    assert "container etcdctl of pod openshift-etcd/etcd-master-2 is not running." in verdict.reasons


def test_a_pod_that_is_cut_off_does_not_make_the_others_unhealthy(serve: Serve, reach: Reach) -> None:
    healthy, cut_off = Etcd(answers("3.6-differing")), answers("3.5-no-quorum")
    healthy.pods["etcd-master-0"] = lambda ran: cut_off[question(ran)]
    _, members, verdict = asked(reach(serve(on_openshift(healthy))))
    assert verdict.text == "degraded, 3 of 3"
    assert members[1].unhealthy_from == ("etcd-master-0",)
    assert "master-1 answers etcd-master-1 and etcd-master-2 and not etcd-master-0" in verdict.reasons


@pytest.mark.parametrize("nothing", [UNHEALTHY, never_started("no such program"), Wrote(stdout="is healthy")])
def test_nothing_told_is_unknown(serve: Serve, reach: Reach, nothing: Wrote) -> None:
    etcd = Etcd(dict.fromkeys(("member list", "endpoint health", "endpoint status"), nothing))
    _, _, verdict = asked(reach(serve(on_openshift(etcd))))
    assert (verdict.text, verdict.healthy) == ("unknown", 0)
    assert verdict.reasons


def test_neither_tokens_nor_paths_of_keys_are_in_what_is_told(
    serve: Serve, reach: Reach, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    fault = Wrote(stderr=f"Error: open {KEY}: permission denied", exit_code=1)
    etcd = Etcd(dict.fromkeys(("member list", "endpoint health", "endpoint status"), fault))
    views, members, verdict = asked(reach(serve(on_kubeadm(etcd))))
    told = f"{views} {members} {verdict} {caplog.text}"
    assert "Error: open (a file): permission denied" in told
    assert [secret for secret in (USER, "server.key", "server.crt") if secret in told] == []
