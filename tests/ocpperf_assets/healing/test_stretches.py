"""Missing hours as runs."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from ocpperf_assets.healing.gaps import Stretch, missing_hours, stretches
from ocpperf_assets.healing.reach import Reach
from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.contracts.windows import Window
from tests.conftest import shipped_catalogue

T0 = datetime(2026, 1, 1, tzinfo=UTC)
LOAD, DISK = frozenset({("node", "load")}), frozenset({("disk", "reads"), ("node", "load")})


def hour(number: float) -> datetime:
    return T0 + timedelta(hours=number)


def test_consecutive_hours_that_miss_the_same_are_one_run() -> None:
    missing = [(hour(1), LOAD), (hour(2), LOAD), (hour(3), DISK), (hour(5), DISK)]
    assert stretches(missing) == [
        Stretch(Window(hour(1), hour(3)), LOAD),
        Stretch(Window(hour(3), hour(4)), DISK),
        Stretch(Window(hour(5), hour(6)), DISK),
    ]
    assert [stretch.hours for stretch in stretches(missing)] == [2, 1, 1]


def test_a_run_names_its_metrics_by_domain() -> None:
    assert Stretch(Window(hour(1), hour(2)), DISK).by_domain() == {"disk": ["reads"], "node": ["load"]}


def test_before_the_first_collection_everything_is_missing_from_the_first_whole_hour_on(tmp_path: Path) -> None:
    catalogue = shipped_catalogue()
    reach = Reach("lab", oldest=hour(0.5), asked_at=hour(4.2))
    missing = missing_hours(Home(tmp_path), reach, catalogue, limit=10)
    assert [moment for moment, _ in missing] == [hour(1), hour(2)], "hour 3 has just closed and is the schedule's"
    assert all(len(metrics) == len(catalogue.metrics) for _, metrics in missing)
    assert len(missing_hours(Home(tmp_path), reach, catalogue, limit=1)) == 1
