"""A fault disturbs one mechanism; what the exporters show follows from it."""

import numpy as np
import pytest

from demo.scenario import Scenario
from tests.demo.conftest import Disturbed, Exposed, scenario

BEFORE, FAULT = (0, 40), (46, 74)
"""Minutes; the fault holds from 45 to 75."""

SLOW_DISK = scenario("disk", "master-1", service_time_factor=120)
SLOW_LEADER = scenario("disk", "master-0", service_time_factor=120)
BUSY = scenario("cpu", "worker-0", extra_demand=1.6)
FULL_LINK = scenario("nic", "worker-0", extra_traffic=1.25)


def mean_s(exposed: Exposed, family: str, minutes: tuple[int, int], /, **labels: str) -> float:
    """What one operation took on average."""
    window = exposed.during(minutes)
    return float(
        exposed.gained(f"{family}_sum", **labels)[window].sum()
        / exposed.gained(f"{family}_count", **labels)[window].sum()
    )


@pytest.mark.parametrize(
    "family", ["etcd_disk_wal_fsync_duration_seconds", "etcd_disk_backend_commit_duration_seconds"]
)
def test_a_slow_disk_slows_fsync_and_commit_of_its_member_alone(disturbed: Disturbed, family: str) -> None:
    slow = disturbed(SLOW_DISK)
    ratio = {
        member: mean_s(slow, family, FAULT, pod=f"etcd-{member}") / mean_s(slow, family, BEFORE, pod=f"etcd-{member}")
        for member in ("master-0", "master-1", "master-2")
    }
    assert ratio["master-1"] > 20
    assert ratio["master-0"] < 3
    assert ratio["master-2"] < 3


def test_proposals_wait_on_the_member_with_the_slow_disk(disturbed: Disturbed) -> None:
    slow = disturbed(SLOW_DISK)
    pending = {
        member: slow.values("etcd_server_proposals_pending", pod=f"etcd-{member}")[slow.during(FAULT)].mean()
        for member in ("master-0", "master-1", "master-2")
    }
    assert pending["master-1"] > 10 * max(pending["master-0"], pending["master-2"])


def test_the_disk_itself_is_busy_and_serves_less(quiet: Exposed, disturbed: Disturbed) -> None:
    slow = disturbed(SLOW_DISK)
    disk = {"instance": "master-1", "device": "nvme0n1"}
    window = slow.during(FAULT)
    assert slow.gained("node_disk_io_time_seconds_total", **disk)[window].mean() > 0.9 * 30
    written = "node_disk_writes_completed_total"
    assert slow.gained(written, **disk)[window].sum() < 0.5 * quiet.gained(written, **disk)[window].sum()


def test_a_slow_leader_makes_mutating_requests_wait_and_loses_the_lead(disturbed: Disturbed) -> None:
    slow = disturbed(SLOW_LEADER)
    family = "apiserver_request_duration_seconds"
    first = (45, 46)
    assert mean_s(slow, family, first, verb="PUT") > 5 * mean_s(slow, family, BEFORE, verb="PUT")
    assert mean_s(slow, family, first, verb="GET") == pytest.approx(mean_s(slow, family, BEFORE, verb="GET"), rel=0.1)
    leads = slow.values("etcd_server_is_leader", pod="etcd-master-0")
    assert (leads[0], leads[-1]) == (1, 0)
    changes = slow.values("etcd_server_leader_changes_seen_total", pod="etcd-master-1")
    assert changes[-1] == 1


def test_a_slow_follower_keeps_leader_and_quorum(quiet: Exposed, disturbed: Disturbed) -> None:
    slow = disturbed(SLOW_DISK)
    assert np.array_equal(
        slow.values("etcd_server_is_leader", pod="etcd-master-0"),
        quiet.values("etcd_server_is_leader", pod="etcd-master-0"),
    )


def test_there_is_one_leader_at_every_moment(disturbed: Disturbed) -> None:
    leading = np.vstack([one.values for one in disturbed(SLOW_LEADER).all("etcd_server_is_leader")])
    assert np.all(leading.sum(axis=0) == 1)


def test_everything_is_as_before_once_the_disk_is_well_again(quiet: Exposed, disturbed: Disturbed) -> None:
    slow = disturbed(SLOW_DISK)
    family = "etcd_disk_wal_fsync_duration_seconds"
    after = (80, 115)
    member = {"pod": "etcd-master-1"}
    assert mean_s(slow, family, after, **member) == pytest.approx(mean_s(quiet, family, after, **member), rel=0.02)


def test_starved_cpus_are_busy_on_their_node_and_load_exceeds_them(quiet: Exposed, disturbed: Disturbed) -> None:
    busy = disturbed(BUSY)
    window = busy.during(FAULT)
    idle = busy.gained("node_cpu_seconds_total", instance="worker-0", mode="idle")[window].sum()
    assert idle < 0.05 * quiet.gained("node_cpu_seconds_total", instance="worker-0", mode="idle")[window].sum()
    assert busy.values("node_load1", instance="worker-0")[window][-1] > 8
    other = {"instance": "infra-0", "mode": "idle"}
    assert np.array_equal(
        busy.gained("node_cpu_seconds_total", **other), quiet.gained("node_cpu_seconds_total", **other)
    )


@pytest.mark.parametrize("fault", [BUSY, SLOW_DISK], ids=["busy", "slow-disk"])
def test_the_seconds_of_a_cpu_add_up_to_the_time_that_passed(disturbed: Disturbed, fault: Scenario) -> None:
    for cpu in disturbed(fault).all("node_cpu_seconds_total", mode="idle"):
        labels = {label: cpu.labels[label] for label in ("instance", "cpu")}
        spent = disturbed(fault).gained("node_cpu_seconds_total", **labels)
        assert spent[1:] == pytest.approx(30, abs=0.05)


def test_a_full_link_drops_what_finds_no_room_and_its_segments_are_sent_again(
    quiet: Exposed, disturbed: Disturbed
) -> None:
    full = disturbed(FULL_LINK)
    window = full.during(FAULT)
    nic = {"instance": "worker-0", "device": "ens192"}

    def share(exposed: Exposed, part: str, whole: str, /, **labels: str) -> float:
        return float(exposed.gained(part, **labels)[window].sum() / exposed.gained(whole, **labels)[window].sum())

    received = full.gained("node_network_receive_bytes_total", **nic)[window].mean() / 30
    assert 0.97 < received / full.values("node_network_speed_bytes", **nic)[0] < 1.0
    assert 0.1 < share(full, "node_network_receive_drop_total", "node_network_receive_packets_total", **nic) < 0.4
    node = {"instance": "worker-0"}
    again = share(full, "node_netstat_Tcp_RetransSegs", "node_netstat_Tcp_OutSegs", **node)
    assert again > 10 * share(quiet, "node_netstat_Tcp_RetransSegs", "node_netstat_Tcp_OutSegs", **node)
    squeezed = "node_softnet_times_squeezed_total"
    assert full.gained(squeezed, **node)[window].sum() > 20 * max(quiet.gained(squeezed, **node)[window].sum(), 1)
    other = {"instance": "infra-0", "device": "ens192"}
    assert np.array_equal(
        full.gained("node_network_receive_drop_total", **other),
        quiet.gained("node_network_receive_drop_total", **other),
    )
