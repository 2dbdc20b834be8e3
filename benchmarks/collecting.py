"""Collecting a week against merely downloading it, and against prometheus-api-client with pandas.

floor: the range queries that ocpperf asks, as many at a time, every answer thrown away.
fetch and stage: the same, decoded and left as Parquet.
whole command: with interpreter, Dagster, loading, models and publishing.
predecessor's way: the same ranges by `custom_query_range`, a `MetricRangeDataFrame` each, appended to DuckDB.
"""

import statistics
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock

import duckdb
import requests
from prometheus_api_client import MetricRangeDataFrame, PrometheusConnect

from benchmarks.ground import CLUSTER, DAYS, Ground, collect_command, endpoint, knowledge, step_s, verdict
from benchmarks.measure import measure, report
from ocpperf_assets.extraction import DomainRequest, collect_domain
from ocpperf_assets.ingest.write import Knowledge
from ocpperf_assets.promql import PrometheusClient
from ocpperf_assets.promql.client import Answer
from ocpperf_mcp.contracts.windows import Window

ROUNDS = 3
Query = tuple[str, float, float, int]


class Recording(PrometheusClient):
    """A client that remembers what was asked."""

    def __init__(self, url: str) -> None:
        super().__init__(endpoint(url))
        self.asked: list[Query] = []

    def query_range(self, query: str, start_s: float, end_s: float, step_s: int) -> Answer:
        self.asked.append((query, start_s, end_s, step_s))
        return super().query_range(query, start_s, end_s, step_s)


def fetch_and_stage(known: Knowledge, client: PrometheusClient, window: Window, staging: Path) -> int:
    """Samples that were staged."""
    return sum(
        collect_domain(
            DomainRequest(CLUSTER, domain, known.catalogue.of_domain(domain), tuple(window.hours())),
            client,
            staging,
            default_step_s=step_s(),
        ).samples
        for domain in known.catalogue.domains
    )


def download(url: str, queries: list[Query], concurrency: int) -> None:
    with requests.Session() as session, ThreadPoolExecutor(concurrency) as pool:

        def one(query: Query) -> None:
            form = dict(zip(("query", "start", "end", "step"), map(str, query), strict=True))
            with session.post(f"{url}/api/v1/query_range", data=form, stream=True, timeout=300) as response:
                response.raise_for_status()
                for _ in response.iter_content(1 << 20):
                    pass

        list(pool.map(one, queries))


def predecessors_way(url: str, queries: list[Query], concurrency: int, path: Path) -> None:
    connect, lock = PrometheusConnect(url=url), Lock()
    path.unlink(missing_ok=True)
    with duckdb.connect(str(path)) as con, ThreadPoolExecutor(concurrency) as pool:

        def one(query: Query) -> None:
            expression, start, end, step = query
            moments = (datetime.fromtimestamp(seconds, UTC) for seconds in (start, end))
            answer = connect.custom_query_range(expression, *moments, str(step))
            if not answer:
                return
            frame = MetricRangeDataFrame(answer).reset_index()
            table = f"m{abs(hash(expression))}"
            with lock:
                con.register("frame", frame)
                con.execute(f"create table if not exists {table} as from frame limit 0")
                con.execute(f"insert into {table} by name from frame")
                con.unregister("frame")

        list(pool.map(one, queries))


def timed(work: Callable[..., object], *arguments: object) -> float:
    started = time.perf_counter()
    work(*arguments)
    return time.perf_counter() - started


def run(ground: Ground) -> bool:
    known = knowledge()
    with ground.prometheus() as url:
        window = ground.window(DAYS)
        recording = Recording(url)
        samples = fetch_and_stage(known, recording, window, ground.home("recorded").staging)
        concurrency = recording.endpoint.concurrency
        rounds = []
        for _ in range(ROUNDS):
            home = ground.home("collected")
            rounds.append(
                (
                    timed(download, url, recording.asked, concurrency),
                    timed(fetch_and_stage, known, PrometheusClient(endpoint(url)), window, ground.home("x").staging),
                    measure(collect_command(window), ground.environment(home, url)).seconds,
                )
            )
        theirs = timed(predecessors_way, url, recording.asked, concurrency, ground.root / "predecessor.duckdb")
    floor, staged, whole = (statistics.median(column) for column in zip(*rounds, strict=True))
    to_floor, kept = verdict(staged / floor, 1.3)
    to_predecessor, faster = verdict(theirs / whole, 4, at_least=True)
    report(
        f"Collecting {samples:,} samples by {len(recording.asked)} queries, {concurrency} at a time",
        [
            ("download and throw away", f"{floor:.1f} s"),
            ("fetch and stage", f"{staged:.1f} s"),
            ("whole command", f"{whole:.1f} s"),
            ("prometheus-api-client, pandas, append", f"{theirs:.1f} s"),
            ("fetch and stage / download", to_floor),
            ("whole command / download", f"{whole / floor:.2f}"),
            ("prometheus-api-client / whole command", to_predecessor),
        ],
    )
    return kept and faster


if __name__ == "__main__":
    sys.exit(not run(Ground.from_arguments(__doc__)))
