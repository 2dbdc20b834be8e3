"""What a turn leaves behind, and what it leaves alone."""

import stat
from pathlib import Path

import duckdb
import pytest

from ocpperf_assets.slots import write_turn
from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.contracts.paths import Home
from tests.ocpperf_assets.slots.conftest import CLUSTER, Warehouse, hour, shell, write_hour


def test_the_first_turn_makes_a_link_to_a_complete_read_only_file(warehouse: Warehouse) -> None:
    assert warehouse.publish(0) == 1
    assert warehouse.home.link.is_symlink()
    assert not Path(warehouse.home.link.readlink()).is_absolute(), "the home can be moved"
    assert stat.S_IMODE(warehouse.published.stat().st_mode) == 0o444
    assert warehouse.slots == ["a.duckdb"], "no write-ahead log and no marker beside it"
    assert warehouse.totals() == [(0, 1000.0)]


def test_turns_alternate_between_two_slots(warehouse: Warehouse) -> None:
    names = []
    for number in range(4):
        warehouse.publish(number)
        names.append(warehouse.published.name)
    assert names == ["a.duckdb", "b.duckdb", "a.duckdb", "b.duckdb"]
    assert warehouse.slots == ["a.duckdb", "b.duckdb"]
    assert warehouse.totals() == [(number, 1000.0) for number in range(4)]


def test_a_turn_that_changes_nothing_publishes_nothing(warehouse: Warehouse) -> None:
    warehouse.publish(0)
    before = warehouse.published
    with write_turn(warehouse.home, "idle") as turn:
        turn.con.execute("select 1").fetchall()
    assert warehouse.published == before
    assert warehouse.rows("select max(version) from raw_publication") == [(1,)]


def test_a_turn_that_fails_leaves_what_is_published_and_the_next_one_heals(warehouse: Warehouse) -> None:
    warehouse.publish(0)
    warehouse.publish(1)
    with pytest.raises(ZeroDivisionError):
        fail_in_a_turn(warehouse)
    assert warehouse.totals() == [(0, 1000.0), (1, 1000.0)]
    warehouse.publish(2)
    assert warehouse.totals() == [(0, 1000.0), (1, 1000.0), (2, 1000.0)]
    assert warehouse.slots == ["a.duckdb", "b.duckdb"]


def fail_in_a_turn(warehouse: Warehouse) -> None:
    with write_turn(warehouse.home, "broken") as turn:
        write_hour(turn, 0, 7.0)
        write_hour(turn, 5, 7.0)
        raise ZeroDivisionError


def test_the_ledger_says_what_changed_with_which_version(warehouse: Warehouse) -> None:
    warehouse.publish(0)
    warehouse.publish(3)
    said = warehouse.rows(
        "select version, table_name, kind, cluster, window_start, run_id from raw_publication where version = 2 "
        "order by all"
    )
    third = hour(3).start.replace(tzinfo=None)
    assert said == [
        (2, "fact", "window", CLUSTER, third, "run-3"),
        (2, "sample", "window", CLUSTER, third, "run-3"),
    ]


def test_the_second_of_two_writers_waits_and_says_for_whom(warehouse: Warehouse) -> None:
    warned: list[str] = []
    with write_turn(warehouse.home, "first") as turn:
        write_hour(turn, 0, 1.0)
        with (
            pytest.raises(OcpperfError, match=r"Process \d+ has been writing the warehouse for more than 0 s"),
            write_turn(warehouse.home, "second", wait_s=0.2, on_wait=warned.append),
        ):
            pass
    assert len(warned) == 1
    assert "which is writing the warehouse" in warned[0]


def test_a_file_in_the_place_of_the_link_is_refused_and_kept(warehouse: Warehouse) -> None:
    warehouse.home.root.mkdir(parents=True)
    with duckdb.connect(str(warehouse.home.link)) as con:
        con.execute("create table precious as select 42 as answer")
    with pytest.raises(OcpperfError, match="is a file, not a link to a slot"), write_turn(warehouse.home, "run"):
        pass
    with duckdb.connect(str(warehouse.home.link)) as con:
        assert con.execute("from precious").fetchall() == [(42,)]


def test_a_link_to_a_missing_slot_is_refused(warehouse: Warehouse) -> None:
    warehouse.publish(0)
    warehouse.published.unlink()
    for call in (lambda: warehouse.publish(1), lambda: warehouse.rows("select 1")):
        with pytest.raises(OcpperfError, match="missing"):
            call()


def test_a_published_file_that_is_no_database_is_refused(warehouse: Warehouse) -> None:
    warehouse.publish(0)
    warehouse.publish(1)
    warehouse.published.chmod(0o644)
    warehouse.published.write_bytes(b"no database" * 1000)
    for call in (lambda: warehouse.publish(2), lambda: warehouse.rows("select 1")):
        with pytest.raises(OcpperfError, match="cannot be opened"):
            call()


def test_a_home_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OcpperfError, match="OCPPERF_HOME"):
        Warehouse(Home(tmp_path / "file" / "home")).publish(0)


def test_somebody_who_writes_the_published_slot_is_named(warehouse: Warehouse) -> None:
    warehouse.publish(0)
    with shell(warehouse.published, "write") as intruder:
        for call in (lambda: warehouse.publish(1), lambda: warehouse.rows("select 1")):
            named = rf"held open for writing by .*python.* \(process {intruder.process.pid}\)"
            with pytest.raises(OcpperfError, match=named):
                call()
    warehouse.publish(1)
    assert warehouse.totals() == [(0, 1000.0), (1, 1000.0)]


def test_a_damaged_idle_slot_is_made_anew(warehouse: Warehouse) -> None:
    for damage in (b"no database" * 1000, b""):
        for number in range(3):
            warehouse.publish(number)
        (idle,) = (path for path in warehouse.home.slots.glob("?.duckdb") if path != warehouse.published)
        idle.chmod(0o644)
        idle.write_bytes(damage)
        warehouse.publish(3)
        assert warehouse.totals() == [(number, 1000.0) for number in range(4)]
        assert warehouse.published == idle


def test_a_damaged_block_of_the_idle_slot_is_made_anew(warehouse: Warehouse) -> None:
    for number in range(3):
        warehouse.publish(number)
    (idle,) = (path for path in warehouse.home.slots.glob("?.duckdb") if path != warehouse.published)
    idle.chmod(0o644)
    whole = idle.read_bytes()
    idle.write_bytes(whole[: 3 * 4096] + bytes(byte ^ 0xFF for byte in whole[3 * 4096 :]))
    warehouse.publish(3)
    warehouse.publish(4)
    assert warehouse.totals() == [(number, 1000.0) for number in range(5)]


def test_what_a_killed_writer_left_beside_the_slots_goes(warehouse: Warehouse) -> None:
    warehouse.publish(0)
    (warehouse.home.slots / "c.duckdb.copying").write_bytes(b"half")
    (warehouse.home.slots / "b.duckdb.tmp").mkdir()
    (warehouse.home.slots / "b.duckdb.tmp" / "spilled").write_bytes(b"rows")
    warehouse.publish(1)
    assert warehouse.slots == ["a.duckdb", "b.duckdb"]


def test_the_turn_that_opens_a_slot_of_a_newer_program_is_refused(warehouse: Warehouse) -> None:
    with write_turn(warehouse.home, "future") as turn:
        write_hour(turn, 0, 1.0)
        turn.con.execute("update schema_version set version = version + 1")
        turn.changed_whole("schema_version")
    before = warehouse.published
    for call in (lambda: warehouse.publish(1), warehouse.totals):
        with pytest.raises(OcpperfError, match="newer ocpperf"):
            call()
    assert warehouse.published == before
