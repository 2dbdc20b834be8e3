"""What must be seen of each fault beside the demo's, and only where it is."""

from datetime import timedelta

import numpy as np
import pytest

from demo.exporters.etcd import member_id
from demo.scenario import Scenario, more_scenarios
from demo.timeline import Floats
from tests.demo.conftest import Disturbed, Exposed, plan, scenario

BEFORE, FAULT, AFTER = (0, 40), (46, 74), (80, 110)
"""Minutes; the fault holds from 45 to 75."""


def window(exposed: Exposed, values: Floats, minutes: tuple[int, int]) -> Floats:
    return np.asarray(values[exposed.during(minutes)])


def a_second(exposed: Exposed, name: str, minutes: tuple[int, int], /, **labels: str) -> float:
    """What a counter gained each second."""
    return float(window(exposed, exposed.gained(name, **labels), minutes).mean() / 30)


def test_short_memory_is_seen_in_what_is_available_in_faults_in_pressure_and_in_reads(
    quiet: Exposed, disturbed: Disturbed
) -> None:
    short, node = disturbed(scenario("memory", "worker-0", used=0.97)), {"instance": "worker-0"}
    late = (52, 74)
    available = short.values("node_memory_MemAvailable_bytes", **node) / 32 / 1024**3
    assert window(short, available, BEFORE).min() > 0.4
    assert window(short, available, late).max() < 0.04
    parts = [short.values(f"node_memory_{part}_bytes", **node) for part in ("MemFree", "Cached", "Buffers")]
    assert min(part.min() for part in parts) >= 0
    assert np.all(sum(parts) <= short.values("node_memory_MemTotal_bytes", **node))
    assert a_second(short, "node_vmstat_pgmajfault", late, **node) > 100 * a_second(
        short, "node_vmstat_pgmajfault", BEFORE, **node
    )
    for kind in ("waiting", "stalled"):
        pressure = f"node_pressure_memory_{kind}_seconds_total"
        assert a_second(short, pressure, late, **node) > 0.1 > a_second(short, pressure, BEFORE, **node) == 0
    reads = ("node_disk_reads_completed_total", late)
    disk = {**node, "device": "nvme0n1"}
    assert a_second(short, *reads, **disk) > 3 * a_second(quiet, *reads, **disk)


def test_a_file_system_fills_stays_full_and_is_cleaned(quiet: Exposed, disturbed: Disturbed) -> None:
    filling, files = disturbed(scenario("filling", "worker-0", fills_to=0.985)), {"instance": "worker-0"}
    size = filling.values("node_filesystem_size_bytes", **files)
    used = 1 - filling.values("node_filesystem_avail_bytes", **files) / size
    assert np.all(np.diff(window(filling, used, (46, 59))) > 0)
    assert np.allclose(window(filling, used, (61, 74)), 0.985, atol=1e-6)
    assert np.array_equal(
        window(filling, filling.values("node_filesystem_avail_bytes", **files), AFTER),
        window(quiet, quiet.values("node_filesystem_avail_bytes", **files), AFTER),
    )


def test_a_clock_without_source_drifts_and_the_kernel_reckons_with_a_growing_error(disturbed: Disturbed) -> None:
    drifting, node = disturbed(scenario("clock", "worker-0", drift_ppm=120)), {"instance": "worker-0"}
    offset = drifting.values("node_timex_offset_seconds", **node)
    assert np.abs(window(drifting, offset, BEFORE)).max() < 1e-4
    assert np.all(np.diff(window(drifting, offset, FAULT)) > 0.003)
    assert 0.15 < window(drifting, offset, FAULT).max() < 0.25
    assert np.abs(window(drifting, offset, AFTER)).max() < 1e-4
    error = drifting.values("node_timex_maxerror_seconds", **node)
    assert window(drifting, error, FAULT).max() > 0.5
    assert np.all(drifting.values("node_timex_sync_status", **node) == 1), "sixteen seconds take hours"


def test_damaged_packets_are_counted_on_their_link_and_sent_again(quiet: Exposed, disturbed: Disturbed) -> None:
    bad, nic = disturbed(scenario("errors", "worker-0", damaged=0.05)), {"instance": "worker-0", "device": "ens192"}
    errors = a_second(bad, "node_network_receive_errs_total", FAULT, **nic)
    received = a_second(bad, "node_network_receive_packets_total", FAULT, **nic)
    assert 0.04 < errors / (errors + received) < 0.06
    assert a_second(bad, "node_network_receive_errs_total", BEFORE, **nic) == 0
    assert a_second(bad, "node_network_transmit_errs_total", FAULT, **nic) == 0
    again, node = "node_netstat_Tcp_RetransSegs", {"instance": "worker-0"}
    assert a_second(bad, again, FAULT, **node) > 5 * a_second(quiet, again, FAULT, **node)


def test_a_flapping_link_is_found_in_another_state_by_every_scrape(quiet: Exposed, disturbed: Disturbed) -> None:
    flapping = disturbed(
        Scenario.model_validate(
            scenario("cpu", "worker-0", extra_demand=1).model_dump()
            | {"disturbs": {"mechanism": "flaps", "device": "ens224", "changes_a_minute": 6}}
        )
    )
    link = {"instance": "worker-0", "device": "ens224"}
    up = flapping.values("node_network_up", **link)
    assert np.all(np.diff(window(flapping, up, FAULT)) != 0)
    assert np.all(window(flapping, up, BEFORE) == 1)
    assert np.all(window(flapping, up, AFTER) == 1)
    changes = flapping.values("node_network_carrier_changes_total", **link)
    assert np.all(np.diff(window(flapping, changes, FAULT)) == 3)
    assert not [one for one in quiet.series if one.labels.get("device") == "ens224"]


def test_a_bond_without_one_port_says_so(disturbed: Disturbed) -> None:
    degraded, bond = disturbed(scenario("bond", "worker-0", lost=1)), {"instance": "worker-0", "master": "bond0"}
    assert np.all(window(degraded, degraded.values("node_bonding_active", **bond), FAULT) == 1)
    assert np.all(window(degraded, degraded.values("node_bonding_active", **bond), AFTER) == 2)
    assert np.all(degraded.values("node_bonding_slaves", **bond) == 2)


def test_connections_that_nobody_closes_fill_the_table(quiet: Exposed, disturbed: Disturbed) -> None:
    filling, node = disturbed(scenario("connections", "worker-0", fills_to=0.93)), {"instance": "worker-0"}
    entries, limit = (filling.values(f"node_nf_conntrack_entries{end}", **node) for end in ("", "_limit"))
    assert window(filling, entries / limit, BEFORE).max() < 0.1
    assert np.allclose(window(filling, entries / limit, (61, 74)), 0.93, atol=1e-3)
    opens = "node_netstat_Tcp_PassiveOpens"
    assert a_second(filling, opens, (46, 59), **node) > 10 * a_second(quiet, opens, (46, 59), **node)


def mean_s(exposed: Exposed, family: str, minutes: tuple[int, int], /, **labels: str) -> float:
    """What one operation took on average."""
    took, count = (window(exposed, exposed.gained(f"{family}_{part}", **labels), minutes) for part in ("sum", "count"))
    return float(took.sum() / count.sum())


def test_a_far_member_is_far_from_all_and_they_from_it_but_writes_do_not_wait(
    quiet: Exposed, disturbed: Disturbed
) -> None:
    far, family = (
        disturbed(scenario("distance", "master-2", round_trip_s=0.18)),
        ("etcd_network_peer_round_trip_time_seconds"),
    )
    for member in ("master-0", "master-1"):
        trips = {"pod": f"etcd-{member}"}
        assert mean_s(far, family, FAULT, To=member_id("master-2"), **trips) > 0.18
        assert mean_s(far, family, BEFORE, To=member_id("master-2"), **trips) < 0.01
        assert mean_s(far, family, FAULT, pod="etcd-master-2", To=member_id(member)) > 0.18
    near = mean_s(far, family, FAULT, pod="etcd-master-0", To=member_id("master-1"))
    assert near < 0.01
    put = mean_s(far, "apiserver_request_duration_seconds", FAULT, verb="PUT")
    assert put < 1.5 * mean_s(quiet, "apiserver_request_duration_seconds", FAULT, verb="PUT")


def test_every_write_waits_for_a_leader_that_is_far_from_all(disturbed: Disturbed) -> None:
    far = disturbed(scenario("distance", "master-0", round_trip_s=0.18))
    assert mean_s(far, "apiserver_request_duration_seconds", FAULT, verb="PUT") > 0.3


def test_an_overloaded_server_turns_requests_away_and_answers_writes_late(quiet: Exposed, disturbed: Disturbed) -> None:
    busy = disturbed(scenario("overload", "master-1", asked=3, refused=0.45, waits_s=0.9))
    here, there = {"instance": "10.0.0.11:6443"}, {"instance": "10.0.0.10:6443"}
    served = a_second(busy, "apiserver_request_total", FAULT, **here)
    refused = a_second(busy, "apiserver_request_terminations_total", FAULT, code="429", **here)
    assert 0.3 < refused / (served + refused) < 0.5
    assert served > 1.3 * a_second(quiet, "apiserver_request_total", FAULT, **here)
    assert a_second(busy, "apiserver_request_terminations_total", FAULT, code="429", **there) == 0
    family = "apiserver_request_sli_duration_seconds"
    assert mean_s(busy, family, FAULT, verb="PUT", **here) > 0.9
    assert mean_s(busy, family, FAULT, verb="GET", **here) < 0.2
    assert mean_s(busy, family, FAULT, verb="PUT", **there) < 0.1
    assert a_second(busy, "apiserver_flowcontrol_rejected_requests_total", FAULT, **here) > 1
    executing = busy.all("apiserver_flowcontrol_current_executing_seats", **here)
    assert sum(window(busy, one.values, FAULT).mean() for one in executing) > 5


@pytest.mark.parametrize(
    "host",
    [
        {"job": "kube-controller-manager", "host": "10.0.0.10:6443"},
        {"job": "apiserver", "host": "[::1]:6443", "instance": "10.0.0.10:6443"},
    ],
    ids=lambda host: host["job"],
)
def test_what_one_master_asks_for_ends_in_errors(disturbed: Disturbed, host: dict[str, str]) -> None:
    failing = disturbed(scenario("client-errors", "master-0", failing=0.08))
    every = a_second(failing, "rest_client_requests_total", FAULT, **host)
    assert 0.05 < a_second(failing, "rest_client_requests_total", FAULT, code="500", **host) / every < 0.11
    assert a_second(failing, "rest_client_requests_total", BEFORE, code="500", **host) == 0


def test_requests_for_a_pods_network_fail_and_are_made_again(quiet: Exposed, disturbed: Disturbed) -> None:
    failing, pods = disturbed(scenario("cni", "worker-0", failing=0.8)), {"instance": "10.0.1.30:9103"}
    name = "ovnkube_node_cni_request_duration_seconds_count"
    ended = [a_second(failing, name, FAULT, command="ADD", err=err, **pods) for err in ("true", "false")]
    assert 0.6 < ended[0] / sum(ended) < 0.95
    assert a_second(failing, name, FAULT, command="DEL", err="false", **pods) == a_second(
        quiet, name, FAULT, command="DEL", err="false", **pods
    )
    elsewhere = {"instance": "10.0.0.20:9103", "command": "ADD", "err": "true"}
    assert np.array_equal(failing.values(name, **elsewhere), quiet.values(name, **elsewhere))


def test_a_switch_that_is_asked_too_much_loses_lookups_and_messages(disturbed: Disturbed) -> None:
    asked = disturbed(scenario("upcalls", "worker-0", lost_a_second=14, overflows_a_minute=9))
    node = {"instance": "10.0.1.30:9103"}
    for name, a_scrape in (("ovs_vswitchd_dp_flows_lookup_lost", 420), ("ovs_vswitchd_netlink_overflow", 4.5)):
        gained = asked.gained(name, **node)
        assert 0.8 < window(asked, gained, FAULT).mean() / a_scrape < 1.2
        assert window(asked, gained, BEFORE).sum() == window(asked, gained, AFTER).sum() == 0


def test_a_slow_runtime_is_listed_seldom_and_late_and_makes_containers_late(
    quiet: Exposed, disturbed: Disturbed
) -> None:
    slow, node = disturbed(scenario("runtime", "worker-0", listing_s=16)), {"node": "worker-0"}
    family = "kubelet_pleg_relist_duration_seconds"
    assert mean_s(slow, family, FAULT, **node) > 10
    assert mean_s(slow, family, BEFORE, **node) < 0.1
    assert a_second(slow, f"{family}_count", FAULT, **node) < 0.1
    assert a_second(quiet, f"{family}_count", FAULT, **node) == 1
    start = {"operation_type": "start_container", **node}
    calls = "kubelet_runtime_operations_duration_seconds"
    assert mean_s(slow, calls, FAULT, **start) > 3 > mean_s(slow, calls, BEFORE, **start)
    listed = {"instance": "10.0.1.30:9637", "operation": "ListPodSandbox"}
    waited = "container_runtime_crio_operations_latency_seconds_total"
    assert a_second(slow, f"{waited}_sum", FAULT, **listed) > 10 * a_second(quiet, f"{waited}_sum", FAULT, **listed)


def test_silent_targets_are_down_and_the_others_of_their_node_are_not(disturbed: Disturbed) -> None:
    base = scenario("cpu", "worker-0", extra_demand=1).model_dump()
    silent = disturbed(
        Scenario.model_validate(base | {"disturbs": {"mechanism": "silence", "jobs": ["node-exporter"]}})
    )
    up = silent.values("up", job="node-exporter", instance="worker-0")
    assert window(silent, up, FAULT).max() == 0
    assert window(silent, up, AFTER).min() == 1
    assert silent.values("up", job="crio", instance="10.0.1.30:9637").min() == 1
    assert not silent.all("node_load1", instance="worker-0")[0].target.scraped[silent.during(FAULT)].any()


def test_a_failing_rule_is_counted_at_every_evaluation_of_its_group(disturbed: Disturbed) -> None:
    group = "openshift-monitoring-k8s.yaml;k8s.rules"
    base = scenario("cpu", "infra-0", extra_demand=1).model_dump()
    fault = {"mechanism": "rules", "group": group, "failures": 2}
    failing = disturbed(Scenario.model_validate(base | {"disturbs": fault}))
    for one in failing.all("prometheus_rule_evaluation_failures_total"):
        gained = window(failing, np.diff(one.values, prepend=0.0), FAULT)
        assert np.all(gained == (2 if one.labels["rule_group"].endswith(group) else 0))


@pytest.fixture(scope="module")
def undisturbed() -> Exposed:
    return Exposed(plan(workers=4))


@pytest.mark.parametrize("planted", more_scenarios(), ids=lambda planted: planted.name)
def test_nothing_is_different_before_a_scenario_begins_and_machines_elsewhere_never_are(
    undisturbed: Exposed, planted: Scenario
) -> None:
    """Brought forward to forty-five minutes after the start, for half an hour."""
    moved = planted.model_copy(update={"start": timedelta(minutes=45), "duration": timedelta(minutes=30)})
    fault = Exposed(plan(moved, workers=4))
    before, found = undisturbed.by_identity(), fault.by_identity()
    begins, different = fault.during((45, 46)).start, set()
    for key, one in found.items():
        if key not in before:
            assert one.labels["device"] == "ens224"
            continue
        without = before[key]
        assert np.array_equal(one.values[:begins], without.values[:begins], equal_nan=True), key
        if not np.array_equal(one.values, without.values, equal_nan=True) or np.any(
            one.target.scraped != without.target.scraped
        ):
            different.add(key)
    assert different or found.keys() > before.keys()
    machines = {dict(labels)["instance"] for name, labels in different if name.startswith("node_")}
    assert machines <= set(planted.nodes)
