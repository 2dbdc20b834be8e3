"""Building the models of one hour with 90 days of history in the warehouse against one day.

The history is the collected day again and again, shifted: raw samples for 14 days, what is kept longer for 90.
"""

import statistics
import sys
import time
from datetime import UTC, datetime

import duckdb

from benchmarks.collecting import fetch_and_stage
from benchmarks.ground import CLUSTER, Ground, endpoint, knowledge, verdict
from benchmarks.measure import report
from ocpperf_assets.ingest.staged import Change
from ocpperf_assets.ingest.write import WRITER_CONFIG, Knowledge, register, write_run
from ocpperf_assets.models import build_models
from ocpperf_assets.promql import PrometheusClient
from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.contracts.windows import HOUR, Window

ROUNDS = 7
RAW_DAYS, DAYS = 14, 90


def lengthen(con: duckdb.DuckDBPyConnection, known: Knowledge) -> None:
    """Put shifted copies of the day before it, oldest first, as days of collecting would have left them."""
    for model in known.models:
        if model.is_table and model.time_column and model.name not in ("raw_publication", "raw_model"):
            days = RAW_DAYS if model.name.startswith("raw_") and model.name != "raw_histogram" else DAYS
            times = _timestamps(con, model.name)
            shifted = ", ".join(f"{name} - to_days(back::integer) as {name}" for name in times)
            con.execute(
                f"create or replace table {model.name} as "
                f"select day.* replace ({shifted}) from range({days - 1}, -1, -1) as backs(back), {model.name} as day "
                f"order by back desc"
            )


def _timestamps(con: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    rows = con.execute(f"select column_name from (describe {table}) where column_type = 'TIMESTAMP'").fetchall()
    return [name for (name,) in rows]


def build_seconds(con: duckdb.DuckDBPyConnection, known: Knowledge, hour: Window) -> float:
    started = time.perf_counter()
    build_models(con, known.models, [Change(CLUSTER, hour)], now=datetime.now(UTC), on_change=lambda *_: None)
    return time.perf_counter() - started


def opened(home: Home, known: Knowledge) -> duckdb.DuckDBPyConnection:
    path = home.link.resolve()
    path.chmod(0o644)
    con = duckdb.connect(str(path), config=dict(WRITER_CONFIG))
    register(con, known, home)
    return con


def collected_day(ground: Ground, known: Knowledge, url: str, name: str) -> Home:
    home = ground.home(name)
    fetch_and_stage(known, PrometheusClient(endpoint(url)), ground.window(1), home.staging / "run")
    write_run(home, known, "run")
    return home


def run(ground: Ground) -> bool:
    known = knowledge()
    with ground.prometheus() as url:
        short, long = (collected_day(ground, known, url, name) for name in ("one-day", "ninety-days"))
    with opened(short, known) as one, opened(long, known) as ninety:
        lengthen(ninety, known)
        ninety.execute("force checkpoint")
        hour = Window(ground.end - HOUR, ground.end)
        pairs = [[build_seconds(con, known, hour) for con in (one, ninety)] for _ in range(ROUNDS + 1)][1:]
        ((samples,),) = ninety.execute("select count(*) from raw_sample").fetchall()
    day, history = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio, kept = verdict(history / day, 1.2)
    report(
        f"Models of one hour, beside {samples:,} raw samples and {DAYS} days of what is derived",
        [("with one day", f"{day:.2f} s"), (f"with {DAYS} days", f"{history:.2f} s"), ("ratio", ratio)],
    )
    return kept


if __name__ == "__main__":
    sys.exit(not run(Ground.from_arguments(__doc__)))
