"""Loading replaces what was asked for and answered, and nothing else."""

from itertools import pairwise

import pytest

from ocpperf_mcp.contracts.windows import Window
from tests.ocpperf_assets.ingest.conftest import Piece, Warehouse, aware, minute


def load(start: int, end: int, value: float = 1.0, cluster: str = "lab") -> Piece:
    """A gauge with a sample every minute."""
    return Piece("load", start, end, dict.fromkeys(range(start, end), value), cluster=cluster)


def failed(start: int, end: int) -> Piece:
    return Piece("load", start, end, {}, status="error", error="it answered 503")


def state(start: int, end: int, *, changes_at: int | None = None) -> Piece:
    """A state as extraction stages it: the ends of its unbroken runs."""
    cut = changes_at if changes_at is not None and start < changes_at < end else None
    runs = [(start, cut, 1.0), (cut, end, 2.0)] if cut else [(start, end, 1.0 if (changes_at or end) >= end else 2.0)]
    return Piece("phase", start, end, {at: value for first, last, value in runs for at in (first, last - 1)})


def test_loading_again_leaves_the_same_rows(warehouse: Warehouse) -> None:
    warehouse.load(load(0, 60))
    before = warehouse.samples()
    warehouse.load(load(0, 60))
    assert warehouse.samples() == before
    assert len(before) == 60


def test_a_window_is_replaced_and_its_neighbours_stay(warehouse: Warehouse) -> None:
    warehouse.load(load(0, 60), load(60, 120))
    warehouse.load(load(60, 90, value=9.0))
    assert [value for _, value in warehouse.samples()] == [1.0] * 60 + [9.0] * 30 + [1.0] * 30


def test_samples_that_are_gone_from_prometheus_go(warehouse: Warehouse) -> None:
    warehouse.load(load(0, 60))
    warehouse.load(Piece("load", 0, 60, {5: 1.0}))
    assert warehouse.samples() == [(5.0, 1.0)]


def test_another_cluster_is_left_alone(warehouse: Warehouse) -> None:
    warehouse.load(load(0, 60), load(0, 60, cluster="other"))
    warehouse.load(Piece("load", 0, 60, {0: 2.0}))
    assert len(warehouse.samples("other")) == 60


def test_a_failed_repetition_deletes_nothing_and_is_noted(warehouse: Warehouse) -> None:
    warehouse.load(load(0, 60))
    warehouse.load(failed(0, 60))
    assert len(warehouse.samples()) == 60
    assert warehouse.extraction("status, samples, attempts, error, notes") == [
        ("ok", 60, 2, None, "A repeated collection failed: it answered 503")
    ]


def test_a_first_failure_is_an_error(warehouse: Warehouse) -> None:
    warehouse.load(failed(0, 60))
    assert warehouse.extraction("status, samples, error, collected_until") == [("error", 0, "it answered 503", None)]


def test_only_attempts_since_the_hour_closed_are_counted(warehouse: Warehouse) -> None:
    """Else refreshes that failed would have an hour given up before healing had its first turn."""
    for until in range(5, 60, 5):
        warehouse.load(failed(0, until))
    for _ in range(2):
        warehouse.load(failed(0, 60))
    assert warehouse.extraction("status, attempts") == [("error", 2)]


def test_attempts_do_not_count_while_no_query_is_answered(warehouse: Warehouse) -> None:
    """Prometheus was away: that says nothing against the metric."""
    warehouse.load(failed(0, 60))
    warehouse.load(failed(0, 60), is_answered=False)
    assert warehouse.extraction("status, attempts") == [("error", 1)]


def test_an_hour_of_which_a_piece_failed_is_partial(warehouse: Warehouse) -> None:
    warehouse.load(load(0, 30), failed(30, 60))
    assert warehouse.extraction("status, samples, error, attempts") == [("partial", 30, "it answered 503", 1)]


def test_counts_are_of_the_whole_hour_when_it_came_in_slices(warehouse: Warehouse) -> None:
    warehouse.load(load(0, 20))
    warehouse.load(Piece("load", 20, 40, dict.fromkeys(range(25, 40))))
    assert warehouse.extraction("status, series, samples, nan, expected, collected_until") == [
        ("ok", 1, 35, 15, 40, minute(40))
    ]


@pytest.mark.parametrize("changes_at", [None, 25, 30, 31, 29])
@pytest.mark.parametrize("seams", [[30], [20, 30, 40], [29, 30, 31]])
def test_a_state_collected_in_slices_has_the_rows_of_the_whole_hour(
    warehouse: Warehouse, seams: list[int], changes_at: int | None
) -> None:
    bounds = [0, *seams, 60]
    for start, end in pairwise(bounds):
        warehouse.load(state(start, end, changes_at=changes_at))
    assert warehouse.samples() == [
        (float(at), value) for at, value in state(0, 60, changes_at=changes_at).samples.items()
    ]


def test_a_state_whose_middle_slice_came_last_has_the_rows_of_the_whole_hour(warehouse: Warehouse) -> None:
    for start, end in ((0, 20), (40, 60), (20, 40)):
        warehouse.load(state(start, end))
    assert warehouse.samples() == [(0.0, 1.0), (59.0, 1.0)]


def test_a_gap_in_a_state_stays_a_gap(warehouse: Warehouse) -> None:
    warehouse.load(state(0, 20))
    warehouse.load(state(30, 60))
    assert warehouse.samples() == [(0.0, 1.0), (19.0, 1.0), (30.0, 1.0), (59.0, 1.0)]


def test_a_series_remembers_when_it_was_first_and_last_seen(warehouse: Warehouse) -> None:
    warehouse.load(load(60, 120))
    warehouse.load(load(0, 60))
    assert warehouse.con.execute("select first_seen, last_seen, changed_version from raw_series_label").fetchall() == [
        (minute(0), minute(119), 2)
    ]
    warehouse.load(load(0, 60))
    assert warehouse.con.execute("select changed_version from raw_series_label").fetchall() == [(2,)]


def test_every_table_that_changed_is_recorded_with_its_hours(warehouse: Warehouse) -> None:
    warehouse.load(load(60, 120))
    assert {table for table, _, _ in warehouse.recorded} == {"raw_node", "raw_histogram", "raw_extraction"}
    assert {change.window for _, _, change in warehouse.recorded} == {Window(aware(minute(60)), aware(minute(120)))}
