"""What happens on a healthy cluster, so that the rules must live with it."""

import numpy as np
import pytest

from demo.cluster import describe
from demo.mechanisms.database import QUOTA
from tests.demo.conftest import HOURS, Exposed, plan

SCRAPES_AN_HOUR = 120


def falls(values: object) -> int:
    return int(np.sum(np.diff(np.asarray(values)) < 0))


def test_a_restarted_etcd_pod_begins_its_counters_anew(quiet: Exposed) -> None:
    resets = {
        pod: falls(quiet.values("etcd_disk_wal_fsync_duration_seconds_count", pod=pod))
        for pod in ("etcd-master-0", "etcd-master-1", "etcd-master-2")
    }
    assert resets == {"etcd-master-0": 0, "etcd-master-1": 0, "etcd-master-2": 1}
    name = "kube_pod_container_status_restarts_total"
    restarts = quiet.values(name, pod="etcd-master-2", container="etcd")
    assert (restarts[0], restarts[-1]) == (0, 1)


def test_machine_counters_never_fall(quiet: Exposed) -> None:
    names = ("node_cpu_seconds_total", "node_network_receive_bytes_total", "node_netstat_Tcp_OutSegs")
    assert [falls(one.values) for name in names for one in quiet.all(name) if falls(one.values)] == []


def test_the_scrapes_of_one_node_fail_for_some_minutes_and_up_says_so(quiet: Exposed) -> None:
    down = {str(one.labels["instance"]) for one in quiet.all("up") if np.any(one.values == 0)}
    (node_exporter,) = quiet.all("up", job="node-exporter", instance="infra-1")
    assert "infra-1" in down
    assert not down & {"infra-0", "worker-0", "worker-1", "master-0", "master-1", "master-2"}
    (load,) = quiet.all("node_load1", instance="infra-1")
    missing = np.flatnonzero(~load.target.scraped)
    assert np.array_equal(missing, np.flatnonzero(node_exporter.values == 0))
    assert missing.size == 12
    assert np.all(np.diff(missing) == 1)


def test_the_last_worker_joins_late(quiet: Exposed) -> None:
    present = {
        node: quiet.all("node_load1", instance=node)[0].target.scraped[: SCRAPES_AN_HOUR // 4].any()
        for node in ("worker-0", "worker-1")
    }
    assert present == {"worker-0": True, "worker-1": False}
    known = ~np.isnan(quiet.values("kube_node_info", node="worker-1"))
    assert not known[0]
    assert known[-1]
    assert np.array_equal(known, quiet.all("node_load1", instance="worker-1")[0].target.scraped)


def test_image_pulls_come_in_bursts(quiet: Exposed) -> None:
    nodes = [one.labels["instance"] for one in quiet.all("node_load1")]
    rates = np.vstack([quiet.gained("node_network_receive_bytes_total", instance=n, device="ens192") for n in nodes])
    pulling = rates > 10 * np.median(rates)
    assert 0 < pulling.mean() < 0.05
    assert pulling.any(axis=1).sum() >= 2


def test_a_trickle_of_packets_is_dropped(quiet: Exposed) -> None:
    drops = np.vstack([np.diff(one.values) for one in quiet.all("node_network_receive_drop_total", device="ens192")])
    assert 0.005 < drops.mean() < 0.05
    assert drops.max() <= 3


def test_some_three_segments_of_a_thousand_are_sent_twice(quiet: Exposed) -> None:
    for again in quiet.all("node_netstat_Tcp_RetransSegs"):
        sent = quiet.values("node_netstat_Tcp_OutSegs", instance=again.labels["instance"])
        assert again.values[-1] / sent[-1] == pytest.approx(0.003, rel=0.05)


def test_fsync_p99_of_a_quiet_day_is_that_of_a_disk_fast_enough_for_etcd() -> None:
    truth = describe(plan(hours=24, workers=1), 0, 0)["p99_seconds"]
    fsyncs = [row["value"] for row in truth if row["family"] == "etcd_disk_wal_fsync_duration_seconds"]
    assert len(fsyncs) == 3 * 24
    assert min(fsyncs) > 0.002
    assert max(fsyncs) < 0.013
    assert np.median(fsyncs) < 0.008


def test_an_operator_defragments_one_member_after_the_other(quiet: Exposed) -> None:
    at = []
    for member in ("etcd-master-0", "etcd-master-1", "etcd-master-2"):
        done = quiet.gained("etcd_disk_backend_defrag_duration_seconds_count", pod=member)
        stalled = quiet.gained("etcd_disk_backend_defrag_duration_seconds_sum", pod=member)
        (when,) = np.flatnonzero(done > 0)
        assert stalled[when] > 1.0, "nobody waits for a defragmentation that takes no time"
        size = quiet.values("etcd_mvcc_db_total_size_in_bytes", pod=member)
        assert size[when] < 0.7 * size[when - 1]
        at.append(int(when))
    assert at == sorted(at)


def test_the_database_stays_below_its_quota(quiet: Exposed) -> None:
    assert max(one.values.max() for one in quiet.all("etcd_mvcc_db_total_size_in_bytes")) < QUOTA / 2


def test_watchdog_fires_for_ever(quiet: Exposed) -> None:
    watchdog = quiet.values("ALERTS", alertname="Watchdog", alertstate="firing")
    assert watchdog.size == (HOURS * 60 + 10) * 2
    assert np.all(watchdog == 1)


def test_nobody_else_than_the_ones_that_never_mean_anything_fires(quiet: Exposed) -> None:
    firing = {one.labels["alertname"] for one in quiet.all("ALERTS", alertstate="firing")}
    assert firing == {"Watchdog", "AlertmanagerReceiversNotConfigured"}
