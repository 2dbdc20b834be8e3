"""Readers and the writer never wait for each other."""

import subprocess
import sys
from pathlib import Path

import duckdb

from ocpperf_assets.slots import write_turn
from ocpperf_mcp.warehouse import open_published
from tests.ocpperf_assets.slots.conftest import ROWS, Warehouse, shell, torn_hours, write_hour

COUNT = "select count(*) from sample"


def test_a_shell_keeps_its_view_through_three_turns(warehouse: Warehouse) -> None:
    warehouse.publish(0)
    with shell(warehouse.published) as analyst:
        for number in (1, 2, 3):
            warehouse.publish(number)
            assert analyst.ask(COUNT) == f"[({ROWS},)]"
            assert warehouse.rows(COUNT) == [((number + 1) * ROWS,)]


def test_a_held_idle_slot_is_left_to_its_reader_and_removed_when_let_go(warehouse: Warehouse) -> None:
    warehouse.publish(0)
    warehouse.publish(1)
    idle = warehouse.home.slots / "a.duckdb"
    with shell(idle) as analyst:
        warehouse.publish(2)
        assert warehouse.published.name == "c.duckdb"
        assert analyst.ask(COUNT) == f"[({ROWS},)]"
        warehouse.publish(3)
        assert warehouse.published.name == "b.duckdb"
        assert "a.duckdb" in warehouse.slots
    warehouse.publish(4)
    warehouse.publish(5)
    assert len(warehouse.slots) == 2
    assert warehouse.totals() == [(number, 1000.0) for number in range(6)]


def test_a_reader_inside_a_turn_sees_what_is_published_and_not_what_is_written(warehouse: Warehouse) -> None:
    warehouse.publish(0)
    with write_turn(warehouse.home, "open") as turn:
        write_hour(turn, 1, 1.0)
        assert warehouse.rows(COUNT) == [(ROWS,)]
    assert warehouse.rows(COUNT) == [(2 * ROWS,)]


def test_the_published_slot_cannot_be_written_through_its_mode(warehouse: Warehouse) -> None:
    """Root ignores the bits, so what is tested for everybody is the mode; others are refused by it."""
    warehouse.publish(0)
    warehouse.publish(1)
    modes = {path.name: path.stat().st_mode & 0o222 for path in warehouse.home.slots.glob("*.duckdb")}
    assert modes == {"a.duckdb": 0, "b.duckdb": 0}


def test_a_connection_of_this_process_to_the_old_slot_does_not_hide_the_new_one(warehouse: Warehouse) -> None:
    """DuckDB answers a path that is already open in the process with the old instance; the real path is another one."""
    warehouse.publish(0)
    with duckdb.connect(str(warehouse.published), read_only=True) as old:
        warehouse.publish(1)
        assert old.execute(COUNT).fetchall() == [(ROWS,)]
        with open_published(warehouse.home) as new:
            assert new.execute(COUNT).fetchall() == [(2 * ROWS,)]


STORM = """
import sys, time
from pathlib import Path
from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.warehouse import open_published
from tests.ocpperf_assets.slots.conftest import torn_hours

home, stop, seen, last = Home(Path(sys.argv[1])), Path(sys.argv[2]), 0, 0
while not stop.exists():
    with open_published(home) as con:
        assert torn_hours(con) == [], "a torn hour"
        ((version,),) = con.execute("select max(version) from raw_publication").fetchall()
    assert version >= last, "an older version after a newer one"
    seen, last = seen + 1, version
print(seen)
"""


def test_a_storm_of_readers_never_meets_a_lock_or_a_torn_hour(warehouse: Warehouse, tmp_path: Path) -> None:
    warehouse.publish(0)
    stop = tmp_path / "stop"
    command = [sys.executable, "-c", STORM, str(warehouse.home.root), str(stop)]
    readers = [
        subprocess.Popen(
            command, cwd=Path(__file__).parents[3], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for _ in range(3)
    ]
    try:
        for number in range(20):
            warehouse.publish(number % 7, value=float(number))
    finally:
        stop.touch()
    for reader in readers:
        out, errors = reader.communicate(timeout=60)
        assert reader.returncode == 0, errors
        assert int(out) > 0
    with open_published(warehouse.home) as con:
        assert torn_hours(con) == []
