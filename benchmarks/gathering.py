"""Reports, gathered and drawn: 60 nodes by the day and by 30 days, and a day of 500 nodes with faults."""

import sys
import time
from collections.abc import Mapping
from datetime import timedelta

import duckdb

from benchmarks import many_nodes
from benchmarks.ground import CLUSTER, Ground, verdict
from benchmarks.mcp_tools import thirty_days
from benchmarks.measure import report
from benchmarks.model_hour import NODES
from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.contracts.windows import Window
from ocpperf_mcp.extent import data_range
from ocpperf_mcp.report.as_json import as_json
from ocpperf_mcp.report.asked import PREVIOUS, Asked, compared_with
from ocpperf_mcp.report.gather import gather
from ocpperf_mcp.report.html import html
from ocpperf_mcp.report.model import Report
from ocpperf_mcp.report.reading import span
from ocpperf_mcp.warehouse import open_published

SECONDS = {1: 5, 30: 10}
"""Budget of gathering by days."""
PAGE_SECONDS, PAGE_MB = 5, 3


def run(ground: Ground) -> bool:
    kept = measured(thirty_days(ground), CLUSTER, NODES, SECONDS)
    of_many = measured(many_nodes.faulty_day(ground), CLUSTER, many_nodes.NODES, {1: SECONDS[1]})
    return kept and of_many


def measured(home: Home, cluster: str, nodes: int, budgets: Mapping[int, float]) -> bool:
    """Print how long each takes and how large it is; true when all are within their budgets."""
    lines, kept = [], []
    for days, budget in budgets.items():
        with open_published(home) as con:
            asked = _last(con, cluster, days)
            started = time.perf_counter()
            made = gather(con, asked)
            spent, quick = verdict(time.perf_counter() - started, budget)
        size = len(as_json(made)) / 1e6
        lines.append((f"{days} days", f"{spent} s, {size:.1f} MB of JSON"))
        lines.append((f"{days} days, in it", f"{len(made.claims):,} claims, {len(made.findings)} findings"))
        drawn, fits = _drawn(made)
        lines.append((f"{days} days, as HTML", drawn))
        kept += [quick, fits]
    report(f"Gathering and drawing a report of {nodes} nodes", lines)
    return all(kept)


def _drawn(made: Report) -> tuple[str, bool]:
    """What the page took and how large it is, and whether both are within their budgets."""
    started = time.perf_counter()
    page = html(made)
    spent, quick = verdict(time.perf_counter() - started, PAGE_SECONDS)
    size, small = verdict(len(page.encode()) / 1e6, PAGE_MB)
    return f"{spent} s, {size} MB, {len(made.charts)} charts", quick and small


def _last(con: duckdb.DuckDBPyConnection, cluster: str, days: int) -> Asked:
    held = data_range(con, cluster)
    window = Window(max(held.end - timedelta(days=days), held.start), held.end)
    return Asked(cluster, span(window), compared_with(PREVIOUS, window, held, {}))


if __name__ == "__main__":
    sys.exit(not run(Ground.from_arguments(__doc__)))
