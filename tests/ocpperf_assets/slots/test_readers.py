"""Readers and the writer never wait for each other."""

import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import duckdb

from ocpperf_assets.slots import write_turn
from ocpperf_mcp.reader import Reader
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


def test_a_server_s_reader_sees_each_publication_and_lets_go_of_what_is_no_more(warehouse: Warehouse) -> None:
    warehouse.publish(0)
    reader = Reader(warehouse.home, linger_s=0.5)
    with reader.open() as old:
        warehouse.publish(1)
        with reader.open() as new, reader.open() as another:
            assert [con.execute(COUNT).fetchall() for con in (old, new, another)] == [
                [(ROWS,)], [(2 * ROWS,)], [(2 * ROWS,)],
            ]  # fmt: skip
            assert {"a.duckdb", "b.duckdb"} <= open_files()
    wait_until_closed("a.duckdb")
    assert "b.duckdb" in open_files(), "published still: the next call finds it read"
    wait_until_closed("b.duckdb")
    reader.close()
    with reader.open() as con:
        assert con.execute(COUNT).fetchall() == [(2 * ROWS,)]


def wait_until_closed(name: str) -> None:
    """Well before the next turn of the writer."""
    for _ in range(100):
        if name not in open_files():
            return
        time.sleep(0.05)
    raise AssertionError(f"{name} is still open")


def open_files() -> set[str]:
    """Names of the files that this process holds open."""
    found = set()
    for link in Path("/proc/self/fd").iterdir():
        with suppress(OSError):
            found.add(link.readlink().name)
    return found


STORM = """
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.reader import Reader
from ocpperf_mcp.warehouse import open_published
from tests.ocpperf_assets.slots.conftest import torn_hours

home, stop, callers = Home(Path(sys.argv[1])), Path(sys.argv[2]), int(sys.argv[3])
connect = Reader(home).open if callers > 1 else partial(open_published, home)

def call_on(_):
    seen, last = 0, 0
    while not stop.exists():
        with connect() as con:
            assert torn_hours(con) == [], "a torn hour"
            ((version,),) = con.execute("select max(version) from raw_publication").fetchall()
        assert version >= last, "an older version after a newer one"
        seen, last = seen + 1, version
    return seen

with ThreadPoolExecutor(callers) as pool:
    print(min(pool.map(call_on, range(callers))))
"""


def test_a_storm_of_readers_never_meets_a_lock_or_a_torn_hour(warehouse: Warehouse, tmp_path: Path) -> None:
    """Two processes that open the file for each call, and one whose eight threads share an instance."""
    warehouse.publish(0)
    stop = tmp_path / "stop"
    command = [sys.executable, "-c", STORM, str(warehouse.home.root), str(stop)]
    readers = [
        subprocess.Popen(
            [*command, callers],
            cwd=Path(__file__).parents[3],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for callers in ("1", "1", "8")
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
