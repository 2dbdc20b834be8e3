"""Rows go when they are old enough; what was built from them stays."""

from datetime import timedelta
from pathlib import Path

import pytest

from ocpperf_assets.models import Ages, build_models, closed_hours, expire
from ocpperf_assets.slots import write_turn
from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.warehouse import open_published
from tests.ocpperf_assets.models.conftest import START, hours, simulated
from tests.sql.folder_case import load_case, register_catalogue, shipped_models

FACTS = ("fct_metric_hourly", "fct_histogram_hourly", "fct_latency_hourly", "fct_bottleneck", "fct_coverage_hourly")
NOW = START + timedelta(hours=6)
AGES = Ages(raw=timedelta(hours=3), five_minutes=timedelta(hours=5))


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Six hours, built and published, after retention has passed over them."""
    made = Home(tmp_path / "home")
    case = simulated(6)
    with write_turn(made, "run") as turn:
        load_case(turn.con, case)
        build_models(turn.con, shipped_models(), case.changes, now=case.now, on_change=lambda *_: None)
        for name in ("catalogue_metric", "catalogue_rule"):
            turn.con.unregister(name)
        turn.changed_everything()
    return made


def oldest(home: Home, table: str, column: str) -> object:
    with open_published(home) as con:
        return con.execute(
            f"select date_diff('hour', timestamp '{START:%Y-%m-%d}', min({column})) from {table}"
        ).fetchone()


def facts(home: Home) -> list[list[tuple[object, ...]]]:
    with open_published(home) as con:
        return [con.execute(f"select * from {table} order by all").fetchall() for table in FACTS]


def test_each_class_of_rows_goes_at_its_age_and_hourly_facts_stay_in_both_slots(home: Home) -> None:
    before = facts(home)
    with write_turn(home, "expire") as turn:
        removed = expire(turn.con, shipped_models(), AGES, NOW, turn.changed)
    assert removed["raw_node"] > 0
    for run in ("expired", "caught up"):
        assert oldest(home, "raw_node", "ts") == (3,), run
        assert oldest(home, "raw_histogram", "ts") == (1,), run
        assert oldest(home, "fct_metric_5m", "ts") == (1,), run
        assert facts(home) == before, run
        with write_turn(home, run) as turn:
            turn.changed_whole("raw_retention")


def test_hours_without_their_raw_rows_are_not_built_again(home: Home) -> None:
    before = facts(home)
    with write_turn(home, "expire") as turn:
        expire(turn.con, shipped_models(), AGES, NOW, turn.changed)
        register_catalogue(turn.con, simulated(6))
        build_models(turn.con, shipped_models(), (), rebuild=[hours(0, 6)], now=NOW, on_change=turn.changed)
        assert all(hour < START + timedelta(hours=3) for _, hour in closed_hours(turn.con))
        for name in ("catalogue_metric", "catalogue_rule"):
            turn.con.unregister(name)
    assert facts(home) == before
