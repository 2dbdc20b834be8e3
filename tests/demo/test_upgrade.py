"""A rolling upgrade shows what one really shows, node after node."""

import json
import urllib.request
from datetime import timedelta
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from demo.cluster import every_series, simulate
from demo.history import HistoryWriter
from demo.mechanisms.upgrade import Turn
from demo.prometheus import LocalPrometheus
from demo.remote_write import encode
from demo.series import Series
from demo.timeline import Bools, Floats
from ocpperf_mcp.contracts.errors import OcpperfError
from tests.demo.conftest import END, Exposed, plan

HOURS, AFTER = 4, timedelta(hours=1)
MASTERS = ("master-0", "master-1", "master-2")
NODES = (*MASTERS, "infra-0", "infra-1", "worker-0", "worker-1")
FSYNC = "etcd_disk_wal_fsync_duration_seconds"


@pytest.fixture(scope="module")
def upgraded() -> Exposed:
    return Exposed(plan(hours=HOURS, upgrade_after=AFTER))


@pytest.fixture(scope="module")
def still() -> Exposed:
    return Exposed(plan(hours=HOURS))


@pytest.fixture(scope="module")
def turns(upgraded: Exposed) -> dict[str, Turn]:
    return dict(upgraded.plan.world().upgrade.turns)


def seen(one: Series) -> Bools:
    """The scrapes that found the series."""
    return np.asarray(one.target.scraped & ~np.isnan(one.values))


def known(exposed: Exposed, name: str, /, **labels: str) -> Floats:
    """What the cluster's one replica of an exporter said of it, wherever that ran; NaN: nothing."""
    values = np.full(exposed.plan.timeline.size, np.nan)
    for one in exposed.all(name, **labels):
        values[seen(one)] = one.values[seen(one)]
    return values


def when(values: Floats, value: float) -> tuple[int, int]:
    """First and last grid point of a value."""
    points = np.flatnonzero(values == value)
    return int(points[0]), int(points[-1])


def test_a_node_is_cordoned_away_booted_back_and_uncordoned(upgraded: Exposed, turns: dict[str, Turn]) -> None:
    """kube-state-metrics is scraped every second point, so it may say all of it one point late."""
    turn = turns["worker-0"]
    cordoned = when(known(upgraded, "kube_node_spec_unschedulable", node="worker-0"), 1)
    ready = {"node": "worker-0", "condition": "Ready"}
    unready = when(known(upgraded, "kube_node_status_condition", status="true", **ready), 0)
    assert unready == when(known(upgraded, "kube_node_status_condition", status="unknown", **ready), 1)
    assert cordoned[0] < turn.down < unready[0] <= unready[1] < turn.back <= cordoned[1] + 1
    assert 8 <= unready[1] - unready[0] + 2 <= 14, "about six minutes"
    down = when(upgraded.values("up", job="node-exporter", instance="worker-0"), 0)
    assert down == (turn.down, turn.back - 1)
    assert not seen(upgraded.all("node_load1", instance="worker-0")[0])[turn.down : turn.back].any()


def test_it_boots_while_it_is_away_and_its_counters_begin_at_nothing(upgraded: Exposed, turns: dict[str, Turn]) -> None:
    turn = turns["worker-0"]
    boots = upgraded.values("node_boot_time_seconds", instance="worker-0")
    away = [upgraded.plan.timeline.moment(point).timestamp() for point in (turn.down, turn.back)]
    assert away[0] < boots[turn.back] < away[1]
    assert boots[0] == boots[turn.down - 1] < boots[turn.back] == boots[-1]
    for name in ("node_network_receive_bytes_total", "node_netstat_Tcp_OutSegs", "node_vmstat_pgmajfault"):
        for one in upgraded.all(name, instance="worker-0"):
            assert one.values[turn.back] <= one.values[turn.down - 1] / 2 or one.values[turn.down - 1] == 0


def test_it_comes_back_with_another_release_as_another_series(upgraded: Exposed, turns: dict[str, Turn]) -> None:
    turn = turns["worker-0"]
    found: dict[str, list[int]] = {}
    for one in upgraded.all("kube_node_info", node="worker-0"):
        points = np.flatnonzero(seen(one)).tolist()
        for label in ("kubelet_version", "os_image", "kernel_version"):
            found.setdefault(one.labels[label], []).extend(points)
    assert len(found) == 6
    for points in found.values():
        assert max(points) < turn.back or min(points) >= turn.back


def test_pods_of_daemonsets_restart_and_drained_ones_are_others_afterwards(
    upgraded: Exposed, turns: dict[str, Turn]
) -> None:
    turn = turns["worker-0"]
    multus = upgraded.plan.world().cluster.pod("openshift-multus", "multus", upgraded.plan.world().cluster.nodes[5])
    restarts = known(upgraded, "kube_pod_container_status_restarts_total", pod=multus.name)
    assert np.unique(restarts[: turn.back][~np.isnan(restarts[: turn.back])]).tolist() == [0]
    assert restarts[~np.isnan(restarts)][-1] == 1
    ready = upgraded.all("ovnkube_controller_ready_duration_seconds", instance="10.0.1.30:9103")
    assert [np.unique(one.values[seen(one)]).size for one in ready] == [1, 2], "rolled out, and booted"
    pods = {
        one.labels["pod"]: np.flatnonzero(seen(one))
        for one in upgraded.all("kube_pod_info", node="worker-0", namespace="shop")
    }
    assert len(pods) == 4
    assert all(points[-1] < turn.down or points[0] >= turn.back for points in pods.values())


def test_cpu_and_network_are_busier_for_some_minutes_afterwards(
    upgraded: Exposed, still: Exposed, turns: dict[str, Turn]
) -> None:
    turn, node = turns["worker-0"], {"instance": "worker-0"}
    after, later = slice(turn.back + 1, turn.back + 7), slice(turn.back + 20, turn.back + 40)

    def idle(exposed: Exposed, window: slice) -> float:
        return float(exposed.gained("node_cpu_seconds_total", mode="idle", **node)[window].sum())

    assert idle(upgraded, after) < 0.8 * idle(still, after)
    assert idle(upgraded, later) == pytest.approx(idle(still, later), rel=0.05)


def test_load_and_page_cache_begin_anew(upgraded: Exposed, turns: dict[str, Turn]) -> None:
    turn, node = turns["worker-0"], {"instance": "worker-0"}
    load, cache = (upgraded.values(name, **node) for name in ("node_load15", "node_memory_Cached_bytes"))
    assert load[turn.back] < 0.7 * load[turn.down - 1]
    assert cache[turn.back] < 0.3 * cache[turn.down - 1] < 0.6 * cache[-1]


def test_masters_come_first_and_one_node_is_away_at_a_time(turns: dict[str, Turn]) -> None:
    assert tuple(turns) == NODES
    order = list(turns.values())
    assert all(one.uncordoned < next_one.cordoned for one, next_one in pairwise(order))


def test_operators_progress_one_after_the_other(upgraded: Exposed) -> None:
    spans = []
    for name in ("etcd", "kube-apiserver", "kube-controller-manager", "monitoring", "network", "machine-config"):
        spans.append(when(known(upgraded, "cluster_operator_conditions", name=name, condition="Progressing"), 1))
    assert all(one[1] < next_one[0] for one, next_one in pairwise(spans))


def test_the_release_is_wanted_applied_and_completed_at_the_end(upgraded: Exposed, turns: dict[str, Turn]) -> None:
    points: dict[tuple[str, str], Bools] = {}
    for one in upgraded.all("cluster_version"):
        key = one.labels["type"], one.labels["version"]
        points[key] = points.get(key, np.zeros(one.values.size, dtype=np.bool_)) | seen(one)
    old, new = sorted({version for _, version in points})
    first = {key: int(np.flatnonzero(where)[0]) for key, where in points.items()}
    assert first["desired", new] < first["updating", new] == first["current", new] < first["completed", new]
    assert not points["updating", new][-1]
    assert np.flatnonzero(points["completed", old])[-1] < first["completed", new]
    assert first["completed", new] > turns["worker-1"].uncordoned


def test_another_member_leads_within_a_scrape_when_the_leaders_node_goes(
    upgraded: Exposed, turns: dict[str, Turn]
) -> None:
    leads = np.vstack([upgraded.values("etcd_server_is_leader", pod=f"etcd-{member}") for member in MASTERS])
    assert np.all(leads.sum(axis=0) == 1)
    answers = np.vstack([upgraded.values("up", pod=f"etcd-{member}") for member in MASTERS])
    assert not np.any((leads == 1) & (answers == 0)), "who leads answers"
    assert np.any(leads.argmax(axis=0)[1:] != leads.argmax(axis=0)[:-1])
    for one in upgraded.all("etcd_server_leader_changes_seen_total"):
        for end in range(30, one.values.size):
            window = one.values[end - 30 : end][seen(one)[end - 30 : end]]
            assert np.clip(np.diff(window), 0, None).sum() <= 3, "an upgrade is no series of elections"
    assert min(one.values.min() for one in upgraded.all("etcd_server_has_leader")) == 1


def test_peers_see_a_member_inactive_while_its_node_is_away(upgraded: Exposed, turns: dict[str, Turn]) -> None:
    turn = turns["master-2"]
    active = np.vstack([one.values for one in upgraded.all("etcd_network_active_peers", pod="etcd-master-0")])
    assert active[:, turn.down : turn.back].sum(axis=0).tolist() == [1] * (turn.back - turn.down)
    assert np.all(active[:, turn.back + 1 : turn.back + 10] == 1)
    failed = upgraded.gained("etcd_network_peer_sent_failures_total", pod="etcd-master-0")
    assert failed[turn.down : turn.back].sum() > 0 == failed[turn.back + 1 : turn.back + 10].sum()


def test_control_plane_pods_restart_one_by_one_before_any_node_goes(upgraded: Exposed, turns: dict[str, Turn]) -> None:
    first = min(turn.cordoned for turn in turns.values())
    for job in ("etcd", "apiserver", "kube-controller-manager"):
        down = np.vstack([one.values[:first] == 0 for one in upgraded.all("up", job=job)])
        assert down.any(axis=1).all(), f"each {job} restarts"
        assert down.sum(axis=0).max() == 1


def test_the_controllers_of_the_next_leader_begin_to_count_when_it_leads(upgraded: Exposed) -> None:
    leads = np.vstack([one.values for one in upgraded.all("leader_election_master_status")])
    assert np.all(leads.sum(axis=0) == 1)
    began = 0
    for one in upgraded.all("workqueue_adds_total", name="replicaset"):
        first = np.flatnonzero(seen(one)[1:] & np.isnan(one.values[:-1])) + 1
        assert np.all(one.values[first] == 0)
        began += first.size
    assert began >= 3


def test_nothing_gets_slow(upgraded: Exposed, still: Exposed) -> None:
    for family, labels in (
        (FSYNC, {}),
        ("etcd_network_peer_round_trip_time_seconds", {}),
        ("apiserver_request_duration_seconds", {"verb": "PUT"}),
    ):
        mean = [
            sum(one.values[-1] for one in exposed.all(f"{family}_sum", **labels))
            / sum(one.values[-1] for one in exposed.all(f"{family}_count", **labels))
            for exposed in (upgraded, still)
        ]
        assert mean[0] == pytest.approx(mean[1], rel=0.2), family


def test_no_alert_fires_that_would_not_fire_without_it(upgraded: Exposed) -> None:
    alerts = {(str(one.labels["alertname"]), one.labels["alertstate"]) for one in upgraded.all("ALERTS")}
    assert ("KubeNodeNotReady", "pending") in alerts
    assert {name for name, state in alerts if state == "firing"} == {"Watchdog", "AlertmanagerReceiversNotConfigured"}


def test_machines_live_as_without_it_until_it_begins(upgraded: Exposed, still: Exposed) -> None:
    before = upgraded.plan.world().upgrade.begins
    without = still.by_identity()
    machines = [key for key in without if key[0].startswith("node_")]
    after = upgraded.by_identity()
    for key in machines:
        assert np.array_equal(after[key].values[:before], without[key].values[:before], equal_nan=True), key


def digest(seed: int) -> str:
    made = plan(hours=HOURS, workers=1, seed=seed, upgrade_after=AFTER)
    return sha256(encode(made.timeline, every_series(made))[0]).hexdigest()


def test_the_same_seed_gives_the_same_upgrade_and_another_seed_another() -> None:
    first = digest(1)
    assert (first == digest(1), first == digest(2)) == (True, False)


def test_no_two_series_are_the_same(upgraded: Exposed) -> None:
    assert len(upgraded.by_identity()) == len(upgraded.series)


def test_what_a_node_exposed_ends_in_prometheus_when_the_node_goes(
    upgraded: Exposed, turns: dict[str, Turn], tmp_path: Path
) -> None:
    """Without the marker, Prometheus would go on answering with the last sample for five minutes."""
    timeline, turn, data = upgraded.plan.timeline, turns["worker-0"], tmp_path / "data"
    with HistoryWriter(data, timedelta(hours=HOURS)) as history:
        history.write(encode(timeline, upgraded.all("node_load1", instance="worker-0"))[0])
    with LocalPrometheus(data) as server:
        assert instant(server, timeline.moment(turn.down + 2).timestamp()) == []
        assert len(instant(server, timeline.moment(turn.down - 2).timestamp())) == 1


def instant(server: LocalPrometheus, seconds: float) -> list[object]:
    address = f"{server.url}/api/v1/query?query=node_load1&time={seconds}"
    with urllib.request.urlopen(address, timeout=30) as answer:
        found: list[object] = json.load(answer)["data"]["result"]
    return found


def test_an_upgrade_that_is_not_over_in_time_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(OcpperfError) as fault:
        simulate(tmp_path / "data", END, hours=2, workers=1, scenarios=(), upgrade_after=AFTER)
    assert fault.value.what.startswith("The upgrade ends ")
    assert not (tmp_path / "data").exists()
