"""Building the models of one hour of a cluster of 60 nodes with 90 days of history in the warehouse against one day.

The history is the collected hours again and again, shifted: raw samples for 14 days, what is kept longer for 90.
"""

import statistics
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import duckdb

from benchmarks.ground import CLUSTER, Ground, endpoint, knowledge, verdict
from benchmarks.measure import report
from demo.cluster import simulate
from demo.prometheus import LocalPrometheus
from ocpperf_assets.extraction import DomainRequest, collect_domain
from ocpperf_assets.ingest.staged import Change
from ocpperf_assets.ingest.write import WRITER_CONFIG, Knowledge, register, write_run
from ocpperf_assets.models import Model, build_models
from ocpperf_assets.promql import PrometheusClient
from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.contracts.windows import HOUR, Window

NODES, INFRASTRUCTURE = 60, 5
"""Nodes in all, and how many of them are no workers."""
END = datetime(2026, 1, 5, tzinfo=UTC)
COLLECTED = Window(END - 6 * HOUR, END)
"""What is simulated and collected, and then copied."""
ROUNDS = 5
RAW_DAYS, DAYS = 14, 90
SECONDS = 10
"""Budget of all models of one hour, on two cores."""


@contextmanager
def history(ground: Ground) -> Iterator[str]:
    """The address of a Prometheus over the cluster's hours, simulated where they are missing."""
    data = ground.root / "sixty-nodes"
    if not (data / "truth.json").exists():
        print(f"Simulating {NODES} nodes; this is done once.", flush=True)
        simulate(data, END, int(COLLECTED.duration / HOUR), workers=NODES - INFRASTRUCTURE, scenarios=())
    with LocalPrometheus(data) as server:
        yield server.url


def collected(ground: Ground, known: Knowledge, url: str, name: str, window: Window = COLLECTED) -> Home:
    """A home with the window's hours, models built."""
    home, client = ground.home(name), PrometheusClient(endpoint(url))
    hours = tuple(window.hours())
    for domain in known.catalogue.domains:
        request = DomainRequest(CLUSTER, domain, known.catalogue.of_domain(domain), hours)
        collect_domain(request, client, home.staging / "run", default_step_s=60)
    write_run(home, known, "run")
    return home


def lengthen(
    con: duckdb.DuckDBPyConnection, known: Knowledge, raw_days: int, days: int, length: timedelta = COLLECTED.duration
) -> None:
    """Put copies, shifted by `length`, before what was collected, oldest first, as days of collecting would have."""
    for model in known.models:
        if model.is_table and model.time_column and model.name not in ("raw_publication", "raw_model"):
            is_raw = model.name.startswith("raw_") and model.name != "raw_histogram"
            _copy(con, model, raw_days if is_raw else days, length)


def _copy(con: duckdb.DuckDBPyConnection, model: Model, days: int, length: timedelta) -> None:
    rows = con.execute(f"select column_name from (describe {model.name}) where column_type = 'TIMESTAMP'").fetchall()
    shifted = ", ".join(f"{name} - $back as {name}" for (name,) in rows)
    con.execute(f"create temp table collected as from {model.name}; truncate {model.name}")
    for copy in range(int(timedelta(days=days) / length) - 1, -1, -1):
        con.execute(f"insert into {model.name} select * replace ({shifted}) from collected", {"back": copy * length})
    con.execute("drop table collected")


@contextmanager
def lengthened(
    home: Home, known: Knowledge, raw_days: int, days: int, length: timedelta = COLLECTED.duration
) -> Iterator[duckdb.DuckDBPyConnection]:
    """The warehouse as the writer opens it, with so many days in it."""
    path = home.link.resolve()
    path.chmod(0o644)
    with duckdb.connect(str(path), config={"memory_limit": "2GB"}) as con:
        lengthen(con, known, raw_days, days, length)
    with duckdb.connect(str(path), config=dict(WRITER_CONFIG)) as con:
        register(con, known, home)
        yield con


def build_seconds(con: duckdb.DuckDBPyConnection, known: Knowledge) -> Mapping[str, float]:
    """Seconds by model for the last hour, and of them all as `all`."""
    hour = Window(END - HOUR, END)
    started = time.perf_counter()
    built = build_models(con, known.models, [Change(CLUSTER, hour)], now=datetime.now(UTC), on_change=lambda *_: None)
    return {**{name: result.seconds for name, result in built.items()}, "all": time.perf_counter() - started}


def run(ground: Ground) -> bool:
    known = knowledge()
    with history(ground) as url:
        short, long = (collected(ground, known, url, name) for name in ("one-day", "ninety-days"))
    with lengthened(short, known, 1, 1) as one, lengthened(long, known, RAW_DAYS, DAYS) as ninety:
        pairs = [[build_seconds(con, known) for con in (one, ninety)] for _ in range(ROUNDS + 1)][1:]
        ((samples,),) = ninety.execute("select count(*) from raw_sample").fetchall()
    day, ninety_days = (statistics.median(each["all"] for each in column) for column in zip(*pairs, strict=True))
    slowest = sorted(pairs[-1][1].items(), key=lambda item: item[1], reverse=True)[1:4]
    ratio, kept = verdict(ninety_days / day, 1.2)
    within, quick = verdict(ninety_days, SECONDS)
    report(
        f"Models of one hour of {NODES} nodes, beside {samples:,} raw samples and {DAYS} days of what is derived",
        [
            ("with one day", f"{day:.2f} s"),
            (f"with {DAYS} days, in seconds", within),
            ("ratio", ratio),
            ("slowest", ", ".join(f"{name} {seconds:.2f} s" for name, seconds in slowest)),
        ],
    )
    return kept and quick


if __name__ == "__main__":
    sys.exit(not run(Ground.from_arguments(__doc__)))
