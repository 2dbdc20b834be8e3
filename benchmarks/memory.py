"""Peak resident memory of `ocpperf collect` and everything it starts, over a day and over a week."""

import sys

from benchmarks.ground import DAYS, Ground, collect_command, verdict
from benchmarks.measure import measure, report

BUDGET_BYTES = 600e6
ROUNDS = 2


def run(ground: Ground) -> bool:
    with ground.prometheus() as url:
        peaks = [
            [
                measure(collect_command(ground.window(days)), ground.environment(ground.home("memory"), url)).peak_bytes
                for days in (1, DAYS)
            ]
            for _ in range(ROUNDS)
        ]
    day, week = (max(column) for column in zip(*peaks, strict=True))
    absolute, within = verdict(week / BUDGET_BYTES, 1)
    growth, flat = verdict(week / day, 1.1)
    report(
        f"Peak memory of a collection, the worst of {ROUNDS}",
        [
            ("24 hours", f"{day / 1e6:.0f} MB"),
            (f"{DAYS} days", f"{week / 1e6:.0f} MB"),
            ("of 600 MB", absolute),
            (f"{DAYS} days / 24 hours", growth),
        ],
    )
    return within and flat


if __name__ == "__main__":
    sys.exit(not run(Ground.from_arguments(__doc__)))
