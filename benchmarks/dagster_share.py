"""Dagster's share of a one-run backfill of a week: the same fetch, stage and write with it and without it."""

import statistics
import sys
import time

from benchmarks.collecting import fetch_and_stage
from benchmarks.ground import DAYS, Ground, endpoint, knowledge, settings_of, verdict
from benchmarks.measure import report
from ocpperf_assets.collecting import collect_window
from ocpperf_assets.ingest.write import write_run
from ocpperf_assets.promql import PrometheusClient

ROUNDS = 2


def run(ground: Ground) -> bool:
    known = knowledge()
    direct, whole = [], []
    with ground.prometheus() as url:
        window = ground.window(DAYS)
        for _ in range(ROUNDS):
            home = ground.home("direct")
            started = time.perf_counter()
            fetch_and_stage(known, PrometheusClient(endpoint(url)), window, home.staging / "run")
            write_run(home, known, "run")
            direct.append(time.perf_counter() - started)
            settings = settings_of(ground.environment(ground.home("through-dagster"), url))
            started = time.perf_counter()
            collect_window(settings, window)
            whole.append(time.perf_counter() - started)
    share, kept = verdict(1 - statistics.median(direct) / statistics.median(whole), 0.5)
    report(
        f"A backfill of {DAYS} days in one run",
        [
            ("without Dagster", f"{statistics.median(direct):.1f} s"),
            ("through Dagster", f"{statistics.median(whole):.1f} s"),
            ("Dagster's share", share),
        ],
    )
    return kept


if __name__ == "__main__":
    sys.exit(not run(Ground.from_arguments(__doc__)))
