"""What the guard costs: a query through `run_sql` against the same one on a bare connection that is opened for it."""

import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime

import duckdb

from benchmarks.ground import Ground, verdict
from benchmarks.measure import report
from ocpperf_assets.slots import write_turn
from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.sql.limits import Limits
from ocpperf_mcp.sql.run import SqlRunner
from ocpperf_mcp.warehouse import published_slot

ROWS = 10_000_000
SERIES = 5_000
ROUNDS = 30
STARTS = 5
START = datetime(2026, 1, 1, tzinfo=UTC)
_SAMPLES = """
create table raw_bench as
select
    'bench' as cluster, 'm' || (i % 50) as metric, (hash(i % $series) >> 1)::bigint as series_id,
    $start::timestamp + to_seconds(i // $series * 60) as ts, random() as value
from range($rows) as t(i)
"""
QUERIES = {
    "one value": "select 1",
    "newest of a metric": "select series_id, ts, value from raw_bench where metric = 'm7' order by ts desc limit 100",
    "1,000 rows": "from raw_bench limit 1000",
    f"aggregate of {ROWS:,} samples": "select metric, avg(value), quantile_cont(value, 0.99) from raw_bench group by 1",
}


def filled(ground: Ground) -> Home:
    home = ground.home("sql-guard")
    with write_turn(home, "run") as turn:
        turn.con.execute("create table dim_metric (metric varchar, unit varchar)")
        turn.con.execute(_SAMPLES, {"series": SERIES, "start": START.replace(tzinfo=None), "rows": ROWS})
        turn.changed_whole("raw_bench")
    return home


def milliseconds(ask: Callable[[str], object], query: str) -> float:
    started = time.perf_counter()
    ask(query)
    return 1_000 * (time.perf_counter() - started)


def compared(bare: Callable[[str], object], guarded: Callable[[str], object], query: str) -> tuple[float, float]:
    """The least milliseconds of each, taken in turns: what the work takes on a machine that does other things too."""
    pairs = [(milliseconds(bare, query), milliseconds(guarded, query)) for _ in range(ROUNDS)]
    without, behind = zip(*pairs, strict=True)
    return min(without), min(behind)


def started(home: Home) -> float:
    """The first query, which starts the worker."""
    with SqlRunner(home) as runner:
        return milliseconds(runner.run, QUERIES["one value"])


def run(ground: Ground) -> bool:
    home = filled(ground)

    def bare(query: str) -> object:
        with duckdb.connect(str(published_slot(home)), read_only=True, config={"threads": Limits().threads}) as con:
            return con.execute(query).fetchall()

    rows, kept = [], []
    with SqlRunner(home) as runner:
        for name, query in QUERIES.items():
            without, behind = compared(bare, runner.run, query)
            ratio, is_kept = verdict(behind / without, 3)
            rows.append((name, f"{without:.1f} ms bare, {behind:.1f} ms behind the guard: {ratio}"))
            kept.append(is_kept)
    rows.append(("the first query, which starts the worker", f"{min(started(home) for _ in range(STARTS)):.0f} ms"))
    report("SQL behind the guard, a connection a query in both", rows)
    return all(kept)


if __name__ == "__main__":
    sys.exit(not run(Ground.from_arguments(__doc__)))
