"""Rows go when they are old enough, what was built from them stays, and free space is given back."""

from datetime import timedelta
from pathlib import Path

import dagster as dg
import pytest

from ocpperf_assets.models import Ages, build_models, closed_hours, expire
from ocpperf_assets.resources import WarehouseResource
from ocpperf_assets.slots import write_turn
from ocpperf_assets.upkeep.job import upkeep_job
from ocpperf_assets.upkeep.warehouse import Kept, keep, space_of
from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.warehouse import open_published
from tests.conftest import copy_of, shipped_knowledge
from tests.ocpperf_assets.models.conftest import START, hours, simulated
from tests.sql.folder_case import CLUSTER, publish_case, register_catalogue, shipped_models, unregister_catalogue

FACTS = ("fct_metric_hourly", "fct_histogram_hourly", "fct_latency_hourly", "fct_bottleneck", "fct_coverage_hourly")
NOW = START + timedelta(hours=6)
AGES = Ages(raw=timedelta(hours=3), five_minutes=timedelta(hours=5))
YOUNG = Ages(timedelta(days=365), timedelta(days=365))
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return publish_case(Home(tmp_path_factory.mktemp("published") / "home"), simulated(6))


@pytest.fixture
def home(published: Home, tmp_path: Path) -> Home:
    """Six hours, built and published."""
    return copy_of(published, tmp_path)


def oldest(home: Home, table: str, column: str) -> object:
    with open_published(home) as con:
        return con.execute(
            f"select date_diff('hour', timestamp '{START:%Y-%m-%d}', min({column})) from {table}"
        ).fetchone()


def rows(home: Home, *tables: str) -> list[list[tuple[object, ...]]]:
    with open_published(home) as con:
        return [con.execute(f"select * from {table} order by all").fetchall() for table in tables]


def fill_and_empty(home: Home) -> None:
    """Leave more free blocks than others in what is published."""
    for number, statement in enumerate(
        ("create table passing as select hash(i) as value from range(2000000) as numbers(i)", "drop table passing")
    ):
        with write_turn(home, f"passing-{number}") as turn:
            turn.con.execute(statement)
            turn.changed_whole("passing")
    with write_turn(home, "other slot") as turn:
        turn.changed_whole("schema_version")


def kept(home: Home, days: int, ages: Ages = YOUNG) -> Kept:
    return keep(home, shipped_knowledge(), ages, "upkeep", now=NOW + days * DAY)


def test_each_class_of_rows_goes_at_its_age_and_hourly_facts_stay_in_both_slots(home: Home) -> None:
    before = rows(home, *FACTS)
    with write_turn(home, "expire") as turn:
        removed = expire(turn.con, shipped_models(), AGES, NOW, turn.changed)
    assert removed["raw_node"] > 0
    for run in ("expired", "caught up"):
        assert oldest(home, "raw_node", "ts") == (3,), run
        assert oldest(home, "raw_histogram", "ts") == (1,), run
        assert oldest(home, "fct_metric_5m", "ts") == (1,), run
        assert rows(home, *FACTS) == before, run
        with write_turn(home, run) as turn:
            turn.changed_whole("raw_retention")


def test_hours_without_their_raw_rows_are_closed_and_not_built_again(home: Home) -> None:
    closed = [f"(from {table} where hour < timestamp '{START:%Y-%m-%d}' + interval 3 hour)" for table in FACTS]
    before = rows(home, *closed)
    assert all(before)
    with write_turn(home, "expire") as turn:
        turn.con.execute("update raw_extraction set samples = 60, extracted_at = hour + interval 1 hour")
        expire(turn.con, shipped_models(), AGES, NOW, turn.changed)
        assert closed_hours(turn.con, START) == {(CLUSTER, START + timedelta(hours=number)) for number in range(3)}
        register_catalogue(turn.con, simulated(6))
        build_models(turn.con, shipped_models(), (), rebuild=[hours(0, 6)], now=NOW, on_change=turn.changed)
        unregister_catalogue(turn.con)
    assert rows(home, *closed) == before


def test_an_hour_collected_after_its_rows_went_is_not_closed(home: Home) -> None:
    with write_turn(home, "expire") as turn:
        turn.con.execute("update raw_extraction set samples = 60, extracted_at = $later", {"later": NOW + DAY})
        expire(turn.con, shipped_models(), AGES, NOW, turn.changed)
        assert closed_hours(turn.con, START) == frozenset()


def test_a_file_that_is_mostly_free_is_rewritten_once_a_day(home: Home) -> None:
    raw = ("raw_node", "raw_histogram", "raw_series_label", "raw_extraction")
    before = rows(home, *raw)
    fill_and_empty(home)
    full = home.link.resolve().stat().st_size
    rewritten = kept(home, 0).rewritten
    assert rewritten is not None
    assert rewritten.free_share > 0.3
    assert home.link.resolve().stat().st_size < full
    with open_published(home) as con:
        assert space_of(con).free_share <= 0.3
    assert rows(home, *raw) == before
    fill_and_empty(home)
    assert kept(home, 0).rewritten is None, "not twice a day"
    assert kept(home, 1).rewritten is not None


def test_the_daily_job_removes_what_the_settings_say(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OCPPERF_KEEP_RAW", "1d")
    warehouse = WarehouseResource(database=str(home.link))
    with dg.DagsterInstance.ephemeral() as instance:
        job = upkeep_job(shipped_knowledge())
        assert job.execute_in_process(instance=instance, resources={"warehouse": warehouse}).success
    assert rows(home, "raw_node") == [[]], "the rows are of the first of January"
    assert rows(home, "fct_metric_hourly") != [[]]


def test_without_a_warehouse_there_is_nothing_to_keep(tmp_path: Path) -> None:
    assert kept(Home(tmp_path / "nowhere"), 0) == Kept()
