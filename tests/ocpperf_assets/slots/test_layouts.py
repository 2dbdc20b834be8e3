"""An older warehouse is brought forward by numbered SQL files, or stays as it was."""

from pathlib import Path

import duckdb
import pytest

from ocpperf_assets.catalogue.locate import sql_directory
from ocpperf_assets.slots import write_turn
from ocpperf_assets.slots.schema import bring_forward
from ocpperf_mcp import layout
from ocpperf_mcp.contracts.errors import OcpperfError
from tests.ocpperf_assets.slots.conftest import Warehouse, write_hour

RENAMED = "alter table fact rename column total to sum_of_values"
FAULTY = "update fact set total = 0; select * from nowhere"


@pytest.fixture
def migrations(tmp_path: Path) -> Path:
    folder = tmp_path / "migrations"
    folder.mkdir()
    (folder / "0002_fact_names_its_sum.sql").write_text(RENAMED)
    return folder


@pytest.fixture
def older(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> Warehouse:
    """Two slots of layout 1, opened by a program that knows layout 2."""
    for number in range(3):
        warehouse.publish(number)
    monkeypatch.setattr("ocpperf_assets.slots.schema.bring_forward.__defaults__", (2,))
    monkeypatch.setattr(layout, "LAYOUT", 2)
    return warehouse


def test_the_layout_is_the_number_of_the_last_file() -> None:
    numbers = [int(path.name[:4]) for path in (sql_directory() / "migrations").glob("*.sql")]
    assert sorted(numbers) == list(range(2, layout.LAYOUT + 1))


def test_both_slots_are_brought_forward_and_nothing_is_lost(older: Warehouse, migrations: Path) -> None:
    for turn_number in range(2):
        with write_turn(older.home, "newer", migrations=migrations) as turn:
            turn.changed_whole("fact")
        assert older.rows("select sum_of_values from fact order by hour") == [(1000.0,)] * 3, turn_number
        assert older.rows("select version from schema_version order by 1") == [(1,), (2,)]


def test_a_faulty_migration_is_named_and_leaves_what_is_published(older: Warehouse, migrations: Path) -> None:
    (migrations / "0002_fact_names_its_sum.sql").write_text(FAULTY)
    before = older.totals()
    with (
        pytest.raises(OcpperfError, match=r"migrations/0002_fact_names_its_sum\.sql could not be applied"),
        write_turn(older.home, "newer", migrations=migrations) as turn,
    ):
        write_hour(turn, 7, 1.0)
    assert older.totals() == before


def test_a_missing_migration_is_said(tmp_path: Path) -> None:
    with duckdb.connect() as con:
        bring_forward(con, tmp_path, 1)
        with pytest.raises(OcpperfError, match="No migration brings the warehouse from layout 1 to 2"):
            bring_forward(con, tmp_path, 2)
