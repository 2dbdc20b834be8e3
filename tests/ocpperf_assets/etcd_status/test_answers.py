"""What etcdctl prints, version by version, as values; anything else is no answer."""

from collections.abc import Callable

import pytest

from ocpperf_assets.etcd_status.answers import Member, Status, read_health, read_members, read_status
from tests.ocpperf_assets.etcd_status.conftest import ANSWERS, answers


@pytest.mark.parametrize("name", sorted(path.stem for path in ANSWERS.glob("*.yaml")))
def test_every_version_is_read(name: str) -> None:
    told = answers(name)
    assert read_health(told["endpoint health"].stdout)
    status = read_status(told["endpoint status"].stdout)
    assert {str(one.version).rpartition(".")[0] for one in status} == {name[:3]}
    assert all(one.raft_term and one.db_size_bytes for one in status)


def test_ids_are_whole_numbers_of_64_bits() -> None:
    members = read_members(answers("3.4-learner")["member list"].stdout)
    assert members[0] == Member(9829529238944632906, "m4", ("http://127.0.0.1:3479",), is_learner=True)
    assert members[-1].member_id == 15803648178628663679


def test_a_member_that_never_started_has_neither_name_nor_address() -> None:
    (one, *_) = read_members(answers("3.4-learner-not-started")["member list"].stdout)
    assert one == Member(9829529238944632906, "", (), is_learner=True)


def test_durations_are_seconds_however_go_prints_them() -> None:
    healthy = read_health(answers("3.6-differing")["endpoint health"].stdout)
    down = read_health(answers("3.5-one-down")["endpoint health"].stdout)
    assert [one.took_s and round(one.took_s, 7) for one in (healthy[0], *down)] == [60.5, 0.007214, 0.0000125, 5.00121]
    assert [(one.is_healthy, one.error) for one in down[1:]] == [(True, None), (False, "context deadline exceeded")]


def test_what_a_member_says_of_itself() -> None:
    newest = read_status(answers("3.6-differing")["endpoint status"].stdout)[0]
    assert newest == Status(
        endpoint="https://10.0.0.10:2379",
        member_id=9372538179322589801,
        version="3.6.4",
        leader_id=10501334649042878790,
        is_learner=False,
        raft_term=7,
        raft_index=51234,
        raft_applied_index=51234,
        db_size_bytes=104857600,
        db_size_in_use_bytes=73400320,
        db_quota_bytes=8589934592,
        storage_version="3.6.0",
        alarms=(),
        errors=(),
    )
    oldest = read_status(answers("3.4-healthy")["endpoint status"].stdout)[0]
    assert (oldest.db_quota_bytes, oldest.storage_version) == (None, None)


def test_a_member_without_a_leader_says_so() -> None:
    (alone,) = read_status(answers("3.4-no-quorum")["endpoint status"].stdout)
    assert (alone.leader_id, alone.errors) == (None, ("etcdserver: no leader",))


def test_alarms_are_no_errors() -> None:
    one = read_status(answers("3.4-no-space")["endpoint status"].stdout)[0]
    assert sorted(alarm for _, alarm in one.alarms) == ["NOSPACE"] * 3
    assert one.errors == ()


@pytest.mark.parametrize("read", [read_members, read_health, read_status])
@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "https://10.0.0.10:2379 is healthy: successfully committed proposal: took = 9ms",
        '{"members": [{"ID": "8211f1d0f64f3269"}]}',
        '{"members": [{"ID": 1.5e19}]}',
        '{"members": {}}',
        '[{"endpoint": "a", "health": "true", "took": "1s"}]',
        '[{"endpoint": "a", "health": true, "took": "soon"}]',
        '[{"Endpoint": "a", "Status": {"header": {"member_id": 0}}}]',
        '[{"Endpoint": "a", "Status": {"header": {"member_id": 1}, "dbSize": "big"}}]',
        '[{"Endpoint": "a"}]',
        "[1]",
    ],
)
def test_anything_else_is_no_answer(read: Callable[[str], object], text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read(text)
