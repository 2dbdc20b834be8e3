"""A window's quantiles come from five-minute buckets while they are kept, then from hourly ones, which says so."""

from datetime import timedelta
from typing import Any

import pytest

from ocpperf_assets.models import Ages, expire
from tests.ocpperf_assets.models.conftest import Warehouse, hours, load, simulated
from tests.sql.folder_case import Case, shipped_models

MEASURED = ("points", "observations", "p50", "p90", "p99", "p99_low", "p99_high", "objective", "node")


@pytest.fixture
def built(warehouse: Warehouse) -> Warehouse:
    warehouse.build(hours(0, 6))
    return warehouse


def forget_fine_buckets(warehouse: Warehouse, keep_hours: int) -> None:
    ages = Ages(raw=timedelta(hours=keep_hours), five_minutes=timedelta(hours=keep_hours))
    assert expire(warehouse.con, shipped_models(), ages, warehouse.now, lambda *_: None)["raw_histogram"] > 0


def latency(warehouse: Warehouse, start: str, end: str) -> dict[str, Any]:
    """The one row of `rpt_latency` over a window of the first day."""
    found = warehouse.con.execute(
        f"from rpt_latency('c1', timestamp '2026-01-01 {start}', timestamp '2026-01-01 {end}')"
    )
    names = [str(column[0]) for column in found.description or ()]
    (row,) = found.fetchall()
    return dict(zip(names, row, strict=True))


def window(row: dict[str, Any]) -> tuple[str, str, int]:
    return f"{row['window_start']:%H:%M}", f"{row['window_end']:%H:%M}", row["interval_s"]


def test_whole_hours_have_the_same_quantiles_before_and_after_fine_buckets_went(built: Warehouse) -> None:
    before = latency(built, "01:00", "03:00")
    forget_fine_buckets(built, 2)
    after = latency(built, "01:00", "03:00")
    assert (window(before), window(after)) == (("01:00", "03:00", 300), ("01:00", "03:00", 3600))
    assert before["p99"] == 0.008
    assert [after[name] for name in MEASURED] == pytest.approx([before[name] for name in MEASURED])


def test_an_older_window_is_widened_to_whole_hours_and_says_so(built: Warehouse) -> None:
    forget_fine_buckets(built, 2)
    row = latency(built, "01:20", "02:10")
    assert window(row) == ("01:00", "03:00", 3600)
    assert (row["points"], row["observations"]) == (24, 24_000)


def test_a_window_that_begins_before_the_oldest_fine_bucket_is_all_of_hours(built: Warehouse) -> None:
    forget_fine_buckets(built, 2)
    assert window(latency(built, "03:50", "04:20")) == ("03:00", "05:00", 3600)
    assert window(latency(built, "04:00", "04:20")) == ("04:00", "04:20", 300)


def test_what_an_hour_left_out_below_its_first_observation_counts_nothing() -> None:
    """The slow hour has no row for the bounds that nothing fell below; the merged quantile is that of both hours."""
    points = {"le": [0.004, 0.008, 0.016, 0.032, "inf"], "points": ["0 0 0 90 100 x12", "90 100 100 100 100 x60"]}
    plain = simulated(6)
    series = {**plain.series, "h": {**plain.series["h"], "buckets": points}}
    warehouse = load(Case(plain.window, plain.now, plain.metrics, plain.rules, series))
    warehouse.build(hours(0, 6))
    before = latency(warehouse, "00:00", "02:00")
    forget_fine_buckets(warehouse, 2)
    after = latency(warehouse, "00:00", "02:00")
    assert before["p50"] == pytest.approx(0.008)
    assert [after[name] for name in MEASURED] == pytest.approx([before[name] for name in MEASURED])
