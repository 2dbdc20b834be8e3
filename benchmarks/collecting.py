"""Collecting a week against merely downloading it, and against prometheus-api-client with pandas.

Prometheus evaluates on the same machine, so its own work is in every figure and bounds every ratio.

floor: the range queries that ocpperf asks, as many at a time, every answer thrown away.
fetch and stage: the same, decoded and left as Parquet.
fetch, stage and load: the same into the raw tables of a warehouse, published.
predecessor's way: the same ranges by `custom_query_range`, a `MetricRangeDataFrame` each, appended to DuckDB.
"""

import dataclasses
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

from benchmarks.ground import CLUSTER, DAYS, Ground, endpoint, knowledge, step_s, verdict
from benchmarks.measure import report
from ocpperf_assets.extraction import DomainRequest, collect_domain
from ocpperf_assets.ingest.write import Knowledge, write_run
from ocpperf_assets.promql import PrometheusClient
from ocpperf_assets.promql.client import Answer
from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.contracts.windows import Window

ROUNDS = 2
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


def store(known: Knowledge, client: PrometheusClient, window: Window, home: Home) -> None:
    """Everything but the models."""
    fetch_and_stage(known, client, window, home.staging / "run")
    raw = tuple(model for model in known.models if model.folder == "raw" and model.kind == "ddl")
    write_run(home, dataclasses.replace(known, models=raw), "run")


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
            rounds.append(
                (
                    timed(download, url, recording.asked, concurrency),
                    timed(fetch_and_stage, known, PrometheusClient(endpoint(url)), window, ground.home("x").staging),
                    timed(store, known, PrometheusClient(endpoint(url)), window, ground.home("stored")),
                )
            )
        theirs = timed(predecessors_way, url, recording.asked, concurrency, ground.root / "predecessor.duckdb")
    floor, staged, stored = (statistics.median(column) for column in zip(*rounds, strict=True))
    to_floor, kept = verdict(staged / floor, 1.3)
    to_predecessor, faster = verdict(theirs / stored, 4, at_least=True)
    report(
        f"Collecting {samples:,} samples by {len(recording.asked)} queries, {concurrency} at a time",
        [
            ("download and throw away", f"{floor:.1f} s"),
            ("fetch and stage", f"{staged:.1f} s"),
            ("fetch, stage and load", f"{stored:.1f} s"),
            ("prometheus-api-client, pandas, append", f"{theirs:.1f} s"),
            ("fetch and stage / download", to_floor),
            ("prometheus-api-client / fetch, stage and load", to_predecessor),
            ("the same, without the download in both", f"{(theirs - floor) / (stored - floor):.2f}"),
        ],
    )
    return kept and faster


if __name__ == "__main__":
    sys.exit(not run(Ground.from_arguments(__doc__)))
