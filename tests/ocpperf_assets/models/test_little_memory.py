"""A window that does not fit into the writer's memory is built in smaller ones, and an hour is given what it needs."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import psutil
import pytest

from ocpperf_assets.models import Model, create_raw_tables
from ocpperf_assets.models.memory import allow_more
from ocpperf_assets.models.model import read_model
from ocpperf_assets.models.windows import halved
from tests.ocpperf_assets.models.conftest import Warehouse, hours
from tests.sql.folder_case import DOMAINS, SQL

MIB = 1 << 20
LIMIT = 60 * MIB


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Warehouse]:
    """A day in a writer with little memory, which has nowhere to spill to."""
    with duckdb.connect(config={"memory_limit": f"{LIMIT}B", "threads": "1", "temp_directory": ""}) as con:
        create_raw_tables(con, SQL, DOMAINS)
        yield Warehouse(con, hours(0, 24).window.end)


def numbers(folder: Path, a_hour: int) -> list[Model]:
    """A table that holds all its numbers in memory while it is built, so many for each hour of the window."""
    path = folder / "fct_numbers.sql"
    path.write_text(
        "-- fct_numbers: how many numbers a window has.\n-- grain: one row per window\n-- keys: cluster, hour\n"
        "-- window: hour\n"
        "select $cluster as cluster, $window_start::timestamp as hour, len(list(hash(i))) as numbers\n"
        f"from range(0, {a_hour} * date_diff('hour', $window_start::timestamp, $window_end::timestamp)) as r(i)\n"
    )
    return list(read_model(path, ("node",)))


def limit(warehouse: Warehouse) -> int:
    return int(warehouse.rows("select parse_formatted_bytes(current_setting('memory_limit'))")[0][0])


def test_halves_are_whole_hours_down_to_one() -> None:
    assert halved(hours(0, 5)) == (hours(0, 2), hours(2, 5))
    assert halved(hours(3, 4)) == ()


def test_a_day_that_does_not_fit_is_built_in_pieces(small: Warehouse, tmp_path: Path) -> None:
    before = limit(small)
    build(small, numbers(tmp_path, 500_000), 24)
    ((pieces, total),) = small.rows("select count(*), sum(numbers) from fct_numbers")
    assert total == 24 * 500_000
    assert 2 <= pieces <= 24
    assert limit(small) == before


def test_an_hour_that_does_not_fit_is_given_more(small: Warehouse, tmp_path: Path) -> None:
    before = limit(small)
    build(small, numbers(tmp_path, 12_000_000), 2)
    assert small.rows("select count(*), sum(numbers) from fct_numbers") == [(2, 24_000_000)]
    assert limit(small) > before


def test_more_is_at_most_half_of_the_machines_memory(small: Warehouse) -> None:
    while allow_more(small.con):
        pass
    assert limit(small) == pytest.approx(psutil.virtual_memory().total // 2, rel=0.1)


def build(warehouse: Warehouse, models: list[Model], length: int) -> None:
    """The table is there, and so many hours are new."""
    warehouse.build(models=models)
    warehouse.build(hours(0, length), models=models)
