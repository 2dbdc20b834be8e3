"""Publishing the same new samples in a warehouse of 5 GB and in one of 50 MB: catch up, write, checkpoint, switch."""

import statistics
import sys
import time
from datetime import UTC, datetime, timedelta

from benchmarks.ground import Ground, verdict
from benchmarks.measure import report
from ocpperf_assets.ingest.write import WRITER_CONFIG
from ocpperf_assets.slots import write_turn
from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.contracts.windows import HOUR, Window

SIZES = (50e6, 5e9)
"""Bytes of a slot."""
DELTA_ROWS = 300_000
ROUNDS = 7
START = datetime(2026, 1, 1, tzinfo=UTC)
_ROWS = """
insert into raw_bench
select 'bench', 'm' || (i % 50), (hash(i % 5000) >> 1)::bigint, $start::timestamp + to_milliseconds(i * 10), random()
from range($rows) as t(i)
"""


def publish(home: Home, number: int, rows: int) -> float:
    """Seconds for one turn that adds rows, a hundredth of a second apart, from an hour of the history on."""
    start = START + number * HOUR
    started = time.perf_counter()
    with write_turn(home, f"run-{number}", config=WRITER_CONFIG) as turn:
        turn.con.execute(
            "create table if not exists raw_bench "
            "(cluster varchar, metric varchar, series_id bigint, ts timestamp, value double)"
        )
        turn.con.execute(_ROWS, {"start": start.replace(tzinfo=None), "rows": rows})
        turn.changed_window("raw_bench", "ts", "bench", Window(start, start + timedelta(milliseconds=10 * rows)))
    return time.perf_counter() - started


def grown(ground: Ground, size: float) -> Home:
    """A home whose two slots have the size: a first turn that is large, and one more for the other slot."""
    home = ground.home(f"published-{size / 1e6:.0f}-MB")
    publish(home, -1_000, 1_000_000)
    rows_needed = int(size / (home.link.resolve().stat().st_size / 1_000_000))
    for part in range(max(rows_needed // 20_000_000, 1)):
        publish(home, -2_000 * (part + 2), min(rows_needed, 20_000_000))
    publish(home, -1, 1)
    return home


def run(ground: Ground) -> bool:
    homes = [grown(ground, size) for size in SIZES]
    sizes = [home.link.resolve().stat().st_size for home in homes]
    rounds = [[publish(home, number, DELTA_ROWS) for home in homes] for number in range(ROUNDS)]
    small, large = (statistics.median(column) for column in zip(*rounds, strict=True))
    ratio, kept = verdict(large / small, 1.5)
    report(
        f"Publishing {DELTA_ROWS:,} new samples",
        [
            (f"in {sizes[0] / 1e6:,.0f} MB", f"{small:.2f} s"),
            (f"in {sizes[1] / 1e6:,.0f} MB", f"{large:.2f} s"),
            ("ratio", ratio),
        ],
    )
    return kept


if __name__ == "__main__":
    sys.exit(not run(Ground.from_arguments(__doc__)))
