"""A warehouse of two tables that must always agree: the rows of each hour and what they add up to."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from ocpperf_assets.slots import WriteTurn, write_turn
from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.contracts.windows import HOUR, Window
from ocpperf_mcp.warehouse import open_published

FIRST = datetime(2026, 1, 1, tzinfo=UTC)
ROWS = 1_000
CLUSTER = "lab"


def hour(number: int) -> Window:
    start = FIRST + timedelta(hours=number)
    return Window(start, start + HOUR)


def write_hour(turn: WriteTurn, number: int, value: float) -> None:
    """Replace an hour's rows and the fact that rests on them."""
    window = hour(number)
    start = window.start.replace(tzinfo=None)
    turn.con.execute("create table if not exists sample (cluster varchar, ts timestamp, value double)")
    turn.con.execute("create table if not exists fact (cluster varchar, hour timestamp, total double)")
    turn.con.execute("delete from sample where ts >= $start and ts < $start + interval 1 hour", {"start": start})
    turn.con.execute(
        "insert into sample select $cluster, $start::timestamp + to_seconds(i), $value from range($rows) as r(i)",
        {"cluster": CLUSTER, "start": start, "value": value, "rows": ROWS},
    )
    turn.con.execute("delete from fact where hour = $start", {"start": start})
    turn.con.execute(
        "insert into fact values ($cluster, $start, $total)",
        {"cluster": CLUSTER, "start": start, "total": ROWS * value},
    )
    turn.changed_window("sample", "ts", CLUSTER, window)
    turn.changed_window("fact", "hour", CLUSTER, window)


def torn_hours(con: duckdb.DuckDBPyConnection) -> list[tuple[object, ...]]:
    """Hours that are there by halves, or whose fact is not that of their rows."""
    return con.execute(
        """
        with hours as (
            select date_trunc('hour', ts) as hour, count(*) as found, sum(value) as total from sample group by all
        )
        select * from hours full join fact using (hour)
        where found is distinct from $rows or hours.total is distinct from fact.total
        """,
        {"rows": ROWS},
    ).fetchall()


@dataclass(frozen=True)
class Reader:
    """Another process with a slot open, as an analyst's shell has it."""

    process: subprocess.Popen[str]

    def ask(self, query: str) -> str:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(query + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()


_SHELL = """
import sys, duckdb
con = duckdb.connect(sys.argv[1], read_only=sys.argv[2] == "read")
print("open", flush=True)
for line in sys.stdin:
    print(con.execute(line).fetchall(), flush=True)
"""


@contextmanager
def shell(path: Path, mode: str = "read") -> Iterator[Reader]:
    """A process that holds the file open, read-only or (`mode` "write") as `duckdb FILE` would."""
    process = subprocess.Popen(
        [sys.executable, "-c", _SHELL, str(path), mode], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    assert process.stdout.readline() == "open\n"
    try:
        yield Reader(process)
    finally:
        process.communicate(timeout=20)


@dataclass(frozen=True)
class Warehouse:
    home: Home

    def publish(self, number: int, value: float = 1.0) -> int:
        """One turn that writes one hour; answers with its version."""
        with write_turn(self.home, f"run-{number}") as turn:
            write_hour(turn, number, value)
            return turn.version

    def rows(self, query: str) -> list[tuple[object, ...]]:
        with open_published(self.home) as con:
            return con.execute(query).fetchall()

    def totals(self) -> list[tuple[object, ...]]:
        return self.rows("select date_diff('hour', timestamp '2026-01-01', hour), total from fact order by 1")

    @property
    def slots(self) -> list[str]:
        return sorted(path.name for path in self.home.slots.iterdir() if path.name != self.home.lock.name)

    @property
    def published(self) -> Path:
        return self.home.link.resolve()


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    return Warehouse(Home(tmp_path / "home"))
