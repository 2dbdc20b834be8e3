"""The bill is what collecting takes: the collector's own splitting, counted on a real server."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ocpperf_assets.catalogue import Metric
from ocpperf_assets.doctor.answers import Answered, ask_catalogue
from ocpperf_assets.doctor.bill import DAY, SLOTS, WAREHOUSE_BYTES, count_nodes, make_bill
from ocpperf_assets.doctor.bill_verdict import of_bill, of_step, size
from ocpperf_assets.doctor.line import Level
from ocpperf_assets.doctor.sizes import sample_bytes
from ocpperf_assets.extraction import DomainRequest, collect_domain
from ocpperf_assets.promql import Endpoint, PrometheusClient
from ocpperf_mcp.contracts.windows import HOUR, Window, floor_hour
from tests.ocpperf_assets.doctor.conftest import Past
from tests.ocpperf_assets.extraction.conftest import metric
from tests.wire import wire_to

LOAD = metric("load", 'sum by (zone) (load{job="there"})', labels=("zone",))
UP = metric("up", "max by (job) (up)", labels=("job",), max_series=100_000, kind="state")
BUCKETS = metric("took", "sum by (le) (took_bucket)", kind="histogram")
DEVICES = metric("reads", "sum by (instance, device) (x)", labels=("instance", "device"), max_series=30)
MEMBERS = metric("leader", "max by (pod) (y)", labels=("pod",))
NODE_FACTS = metric("node_info", "max by (node) (z)", labels=("node",), kind="state")
KEPT_DAYS = 14


def answered(of: Metric, *labels: dict[str, str], touched: int | None = None) -> Answered:
    return Answered(of, labels, samples_touched=touched)


def nodes(count: int) -> list[Answered]:
    """A cluster with two disks a node and three etcd members."""
    return [
        answered(DEVICES, *({"instance": f"n{n}", "device": d} for n in range(count) for d in "ab"), touched=10),
        answered(MEMBERS, *({"pod": f"etcd-{n}"} for n in range(3))),
        answered(NODE_FACTS, *({"node": f"n{n}"} for n in range(count))),
    ]


@pytest.mark.parametrize(("length", "field"), [(HOUR, "queries_hour"), (DAY, "queries_day")], ids=["hour", "day"])
def test_as_many_queries_and_samples_as_a_collection_has(
    past: Past, tmp_path: Path, length: timedelta, field: str
) -> None:
    start = floor_hour(datetime.fromtimestamp(past.first_s, UTC)) + HOUR
    metrics = (LOAD, UP)
    with wire_to(past.url) as wire:
        client = PrometheusClient(Endpoint(wire.url, attempts=1))
        bill = make_bill(ask_catalogue(client, metrics, start.timestamp()), 60, KEPT_DAYS)
        request = DomainRequest("lab", "lab", metrics, (Window(start, start + length),))
        report = collect_domain(request, client, tmp_path)
        assert len(wire.asked) == bill.total(field)
    assert report.samples == bill.total("samples_day") * length / DAY
    (gauge, _state) = bill.items
    assert gauge.stored_day == gauge.samples_day


def test_what_the_server_goes_through_is_its_own_count(past: Past) -> None:
    (item,) = make_bill(ask_catalogue(past.client, [LOAD], past.last_s), 60, KEPT_DAYS).items
    assert item.touched_day == 2 * 1440


def test_bytes_on_the_wire_are_measured(past: Past) -> None:
    answers = ask_catalogue(past.client, [LOAD, UP], past.last_s)
    found = sample_bytes(past.client, answers, past.last_s, 60)
    assert found is not None
    assert len('[1767225600,"6"],') < found < 2 * len('[1767225600,"6"],')
    assert sample_bytes(past.client, [answered(LOAD)], past.last_s, 60) is None


def test_a_state_is_stored_on_change_and_buckets_every_five_minutes() -> None:
    bill = make_bill(
        [answered(NODE_FACTS, {"node": "a"}), answered(BUCKETS, {"le": "1"}, {"le": "+Inf"})], 60, KEPT_DAYS
    )
    state, family = bill.items
    assert (state.samples_day, state.stored_day) == (1440, 48)
    assert (family.series, family.kept, family.samples_day) == (2, 1, 2 * 288)


def test_disk_is_both_slots_for_as_long_as_raw_samples_are_kept() -> None:
    bill = make_bill([answered(LOAD, {"zone": "a"})], 60, KEPT_DAYS)
    assert bill.disk == 1440 * WAREHOUSE_BYTES * KEPT_DAYS * SLOTS
    assert make_bill([answered(LOAD, {"zone": "a"})], 60, 2 * KEPT_DAYS).disk == 2 * bill.disk


def test_what_comes_with_nodes_grows_with_them_and_the_control_plane_does_not() -> None:
    now, later = make_bill(nodes(10), 60, KEPT_DAYS), make_bill(nodes(10), 60, KEPT_DAYS, nodes=200)
    assert count_nodes(nodes(10)) == 10
    assert [item.series for item in now.items] == [20, 3, 10]
    assert [item.series for item in later.items] == [400, 3, 200]
    assert later.touched_day == 20 * (now.touched_day or 0)
    assert (now.truncated, later.truncated) == ([], ["reads"])


@pytest.mark.parametrize(("count", "step_s", "proposed"), [(100, 60, 0), (101, 60, 1), (300, 120, 0)])
def test_a_wider_step_is_proposed_above_a_hundred_nodes(count: int, step_s: int, proposed: int) -> None:
    bill, calmer = (make_bill(nodes(10), step, KEPT_DAYS, nodes=count) for step in (step_s, 120))
    lines = of_step(bill, calmer, count, step_s)
    assert len(lines) == proposed
    for line in lines:
        assert line.level is Level.WARNING
        assert line.next_step.startswith("Set OCPPERF_STEP=2m: it saves ")
        assert f"{bill.total('samples_day') // 2:,} of them a day" in line.next_step


def test_what_is_not_known_is_said() -> None:
    lines = of_bill(make_bill([answered(LOAD, {"zone": "a"})], 60, KEPT_DAYS), None, 60, 0)
    sentences = " ".join(line.sentence for line in lines)
    assert "does not tell how many samples" in sentences
    assert "Download: not known" in sentences


@pytest.mark.parametrize(
    ("count", "written"), [(0, "0 bytes"), (999, "999 bytes"), (25_700_000, "25.7 MB"), (3.2e12, "3.2 TB")]
)
def test_sizes_are_short(count: float, written: str) -> None:
    assert size(count) == written
