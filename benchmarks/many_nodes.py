"""A warehouse of a day of 500 nodes with faults, for the benchmarks of the report.

Two hours are simulated, collected and judged; the other 22 are their copies, so that every fault comes again and again.
The faults are those of the demo and beside it that an hour holds; one of them strikes forty nodes at once.
"""

from datetime import UTC, datetime, timedelta

from benchmarks.ground import Ground, knowledge
from benchmarks.model_hour import collected, lengthened
from demo.cluster import simulate
from demo.prometheus import LocalPrometheus
from demo.scenario import Scenario, default_scenarios, more_scenarios
from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.contracts.windows import HOUR, Window

NODES, INFRASTRUCTURE = 500, 5
"""Nodes in all, and how many of them are no workers."""
END = datetime(2026, 1, 5, tzinfo=UTC)
SIMULATED = Window(END - 2 * HOUR, END)
STRUCK = 40
_BEGINS, _LASTS = timedelta(minutes=30), HOUR
_EVERYWHERE = "cpu-starvation"
_TOO_SLOW = frozenset({"etcd-growth", "disk-filling"})
"""Scenarios that need more than an hour to show."""


def faulty_day(ground: Ground) -> Home:
    """The warehouse, made where it is missing."""
    home = ground.root / "many-nodes"
    if not (home / "ocpperf.duckdb").exists():
        known, data = knowledge(), ground.root / "five-hundred-nodes"
        if not (data / "truth.json").exists():
            print(f"Simulating {NODES} nodes; this is done once.", flush=True)
            hours = int(SIMULATED.duration / HOUR)
            simulate(data, END, hours, workers=NODES - INFRASTRUCTURE, scenarios=faults())
        with LocalPrometheus(data) as server:
            made = collected(ground, known, server.url, home.name, SIMULATED)
        with lengthened(made, known, 1, 1, SIMULATED.duration):
            pass
    return Home(home)


def faults() -> list[Scenario]:
    """All within the same hour."""
    chosen = [one for one in (*default_scenarios(), *more_scenarios()) if one.name not in _TOO_SLOW]
    many = tuple(f"worker-{number}" for number in range(STRUCK))
    return [
        one.model_copy(
            update={
                "start": _BEGINS,
                "duration": min(one.duration, _LASTS),
                "nodes": many if one.name == _EVERYWHERE else one.nodes,
            }
        )
        for one in chosen
    ]
