"""Fifty callers over HTTP for thirty seconds and more, with the protocol's own client, until a collection has published
five times beside them.

No call may fail, and an answer must be of one published version: the hours that run_sql finds extracted are asked for
together with the version, and equal versions must have equal ones.
"""

import asyncio
import os
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any

import httpx2
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

from benchmarks.ground import CLUSTER, Ground, endpoint, knowledge
from benchmarks.measure import report
from benchmarks.model_hour import COLLECTED, collected, history
from ocpperf_assets.extraction import DomainRequest, collect_domain
from ocpperf_assets.ingest.write import Knowledge, write_run
from ocpperf_assets.promql import PrometheusClient
from ocpperf_mcp.contracts.paths import Home

CALLERS, SECONDS, PUBLICATIONS = 50, 30, 5
TOLD = """
select max(version), (select max(extracted_at)::varchar from raw_extraction), (select count(*) from fct_coverage_hourly)
from raw_publication
"""
CALLS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("get_findings", {}),
    ("get_etcd_disk_wal_fsync", {}),
    ("query_network_l1_metrics", {}),
    ("list_clusters", {}),
    ("get_coverage", {}),
    ("describe_tables", {"names": ["rpt_findings"]}),
)


@dataclass
class Seen:
    """What all callers got: seconds of each call, words of each failure, what was found at each version."""

    seconds: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    at_version: defaultdict[int, set[tuple[Any, ...]]] = field(default_factory=lambda: defaultdict(set))
    published: int = 0


@contextmanager
def served(home: Home) -> Iterator[str]:
    """The address of a server of its own process."""
    environment = {**os.environ, "OCPPERF_HOME": str(home.root), "OCPPERF_MCP_RATE": "100000", "LOG_LEVEL": "WARNING"}
    command = [sys.executable, "-m", "ocpperf_mcp", "mcp", "--transport", "http", "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stderr is not None
        try:
            yield process.stderr.readline().strip()
        finally:
            process.terminate()


def turns(number: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every second call asks for the version; the others begin at another tool for each caller."""
    for place in range(len(CALLS)):
        yield "run_sql", {"sql": TOLD}
        yield CALLS[(number + place) % len(CALLS)]


async def call_on(address: str, number: int, until: float, seen: Seen) -> None:
    """One caller: even ones speak the newest protocol, odd ones the one before it."""
    transport = streamable_http_client(address, http_client=httpx2.AsyncClient(timeout=120))
    async with Client(transport, mode="legacy" if number % 2 else "auto") as client:
        for tool, arguments in cycle(turns(number)):
            if time.monotonic() > until and seen.published == PUBLICATIONS:
                return
            started = time.monotonic()
            answer = await client.call_tool(tool, arguments)
            seen.seconds.append(time.monotonic() - started)
            if answer.is_error:
                seen.failures.append(f"{tool}: {answer.content}")
            elif tool == "run_sql":
                ((version, *rest),) = (answer.structured_content or {})["tables"]["rows"]["rows"]
                seen.at_version[version].add(tuple(rest))


def publish(home: Home, known: Knowledge, url: str, until: float, seen: Seen) -> None:
    """Collect the last hour of alerts again and again, evenly over the time or as fast as it goes."""
    client = PrometheusClient(endpoint(url))
    hour = tuple(COLLECTED.hours())[-1:]
    started, pause = time.monotonic(), (until - time.monotonic()) / PUBLICATIONS
    for number in range(PUBLICATIONS):
        time.sleep(max(0.0, started + number * pause - time.monotonic()))
        request = DomainRequest(CLUSTER, "alert", known.catalogue.of_domain("alert"), hour)
        collect_domain(request, client, home.staging / f"again-{number}", default_step_s=60)
        write_run(home, known, f"again-{number}")
        seen.published += 1
    client.close()


async def storm(address: str, home: Home, known: Knowledge, url: str) -> Seen:
    seen, until = Seen(), time.monotonic() + SECONDS
    publishing = asyncio.to_thread(publish, home, known, url, until, seen)
    await asyncio.gather(publishing, *(call_on(address, number, until, seen) for number in range(CALLERS)))
    return seen


def run(ground: Ground) -> bool:
    known = knowledge()
    with history(ground) as url:
        home = collected(ground, known, url, "mcp-callers")
        with served(home) as address:
            started = time.monotonic()
            seen = asyncio.run(storm(address, home, known, url))
            lasted_s = time.monotonic() - started
    torn = [version for version, found in seen.at_version.items() if len(found) > 1]
    taken = sorted(seen.seconds)
    report(
        f"{CALLERS} callers for {lasted_s:.0f} s beside {PUBLICATIONS} publications, 60 nodes",
        [
            ("calls", f"{len(taken):,}, {len(taken) / lasted_s:.0f} a second"),
            ("failed", f"{len(seen.failures)} {seen.failures[:1] or ''}"),
            ("versions seen", f"{len(seen.at_version)}, torn {len(torn)}"),
            ("median, p95", f"{statistics.median(taken):.2f} s, {taken[int(0.95 * (len(taken) - 1))]:.2f} s"),
        ],
    )
    return not seen.failures and not torn and len(seen.at_version) >= PUBLICATIONS


if __name__ == "__main__":
    sys.exit(not run(Ground.from_arguments(__doc__)))
