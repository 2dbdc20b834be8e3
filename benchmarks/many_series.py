"""Series of every metric on a cluster of 250 nodes with 64 cores, counted by a real Prometheus.

A metric may have up to 5,000 series there; one that may have more says why. The budget is the largest share of its own
limit that any metric uses. Simulated nodes run fewer pods and have fewer devices than real ones: what is counted of
those is less than there would be.
"""

import shutil
import sys
from datetime import UTC, datetime, timedelta

from benchmarks.ground import Ground, knowledge, verdict
from benchmarks.measure import report
from demo.cluster import Plan, load
from demo.prometheus import LocalPrometheus
from demo.timeline import Timeline
from ocpperf_assets.doctor.answers import ask_catalogue
from ocpperf_assets.doctor.bill import Item, make_bill
from ocpperf_assets.promql import Endpoint, PrometheusClient

NODES, CPUS = 250, 64
INFRASTRUCTURE = 5
"""Nodes of a simulated cluster that are no workers."""
END = datetime(2026, 1, 2, tzinfo=UTC)
SHOWN = 8


def items(ground: Ground) -> tuple[Item, ...]:
    """What every metric of the catalogue answers there."""
    data = ground.root / "many-series"
    shutil.rmtree(data, ignore_errors=True)
    plan = Plan(Timeline(END - timedelta(minutes=5), END, 1), NODES - INFRASTRUCTURE, cpus=CPUS)
    series, _ = load(plan, data)
    print(f"{series:,} series of {NODES} nodes", flush=True)
    with LocalPrometheus(data) as server:
        client = PrometheusClient(Endpoint(server.url))
        answers = ask_catalogue(client, knowledge().catalogue.metrics, END.timestamp() - 60)
    return make_bill(answers, 60, 14).items


def _share(item: Item) -> float:
    return item.kept / item.metric.max_series


def run(ground: Ground) -> bool:
    counted = sorted(items(ground), key=lambda item: item.kept, reverse=True)
    fullest = max(counted, key=_share)
    ratio, kept = verdict(_share(fullest), 1)
    report(
        f"Series of {len(counted)} metrics on {NODES} nodes with {CPUS} cores; the most are",
        [(item.metric.name, f"{item.kept:,} of {item.metric.max_series:,}") for item in counted[:SHOWN]]
        + [(f"largest share of a limit, {fullest.metric.name}", ratio)],
    )
    return kept


if __name__ == "__main__":
    sys.exit(not run(Ground.from_arguments(__doc__)))
