"""Simulate a cluster and load its history into a Prometheus data directory."""

import argparse
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from demo.exporters import (
    apiserver,
    cadvisor,
    cluster_version,
    controllers,
    crio,
    etcd,
    kube_state,
    kubelet,
    multus,
    network,
    node,
    ovn,
    ovn_control_plane,
    prometheus,
    sockets,
)
from demo.histogram import Operations, quantile
from demo.history import HistoryWriter
from demo.remote_write import encode
from demo.scenario import Scenario, check_scenarios, default_scenarios, named_scenarios
from demo.series import Series
from demo.timeline import Timeline
from demo.topology import build_cluster
from demo.world import World
from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.contracts.windows import floor_hour, parse_duration

EXPORTERS: tuple[Callable[[World], Iterator[Series]], ...] = (
    etcd.series,
    apiserver.series,
    controllers.series,
    kube_state.series,
    cluster_version.series,
    prometheus.series,
    kubelet.series,
    crio.series,
    multus.series,
    node.series,
    network.series,
    sockets.series,
    ovn.series,
    ovn_control_plane.series,
    cadvisor.series,
)
PART = 400_000
"""Samples that one request holds at most: some seven megabytes."""
Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class Plan:
    """Everything a simulation depends on; the same plan gives the same bytes."""

    timeline: Timeline
    workers: int
    scenarios: tuple[Scenario, ...] = ()
    cpus: int = 8
    """Cores of a worker."""
    upgrade_after: timedelta | None = None
    """How long after the start of the window a rolling upgrade begins; None: there is none."""

    def world(self) -> World:
        return World.create(self.timeline, build_cluster(self.workers, self.cpus), self.scenarios, self.upgrade_after)


@dataclass(frozen=True)
class Simulation:
    """What was written, and the truth a correct diagnosis is held to."""

    truth: dict[str, Any]
    series: int
    samples: int


def simulate(
    destination: Path,
    end: datetime,
    hours: int = 24,
    seed: int = 1,
    workers: int = 4,
    scenarios: Sequence[Scenario] | None = None,
    progress: Progress | None = None,
    upgrade_after: timedelta | None = None,
) -> Simulation:
    """Write a block and `truth.json` for the `hours` before `end` into `destination`.

    `scenarios`: None means those of the demo. `upgrade_after`: when a rolling upgrade begins, after the start; None
    means never. Raises OcpperfError when Prometheus is missing or refuses, and when a scenario or the upgrade does not
    fit the cluster or the hours.
    """
    chosen = tuple(default_scenarios() if scenarios is None else scenarios)
    check_scenarios(chosen, [one.name for one in build_cluster(workers).nodes], hours)
    plan = Plan(Timeline(end - timedelta(hours=hours), end, seed), workers, chosen, upgrade_after=upgrade_after)
    plan.world()  # what cannot be is refused before anything is written
    series, samples = load(plan, destination, progress or _silent)
    truth = describe(plan, series, samples)
    (destination / "truth.json").write_text(json.dumps(truth, indent=2), encoding="utf-8")
    return Simulation(truth, series, samples)


def describe(plan: Plan, series: int, samples: int) -> dict[str, Any]:
    """What was planted: the scenarios with their windows, and the latency quantiles of every hour."""
    timeline = plan.timeline
    world = plan.world()
    return {
        "seed": timeline.seed,
        "start": timeline.start.isoformat(),
        "end": timeline.end.isoformat(),
        "series": series,
        "samples": samples,
        "scenarios": [
            {
                "name": scenario.name,
                "start": (timeline.start + scenario.start).isoformat(),
                "end": (timeline.start + scenario.start + scenario.duration).isoformat(),
                "nodes": list(scenario.nodes),
                "expect": [expectation.model_dump(mode="json") for expectation in scenario.expect],
            }
            for scenario in plan.scenarios
        ],
        **({"upgrade": _upgrade(world)} if plan.upgrade_after is not None else {}),
        "p99_seconds": list(_planted(world)),
    }


def _upgrade(world: World) -> dict[str, Any]:
    """When the upgrade began and ended, and when each node was away."""
    moment, upgrade = world.timeline.moment, world.upgrade
    return {
        "start": moment(upgrade.begins).isoformat(),
        "end": moment(upgrade.ends).isoformat(),
        "reboots": [
            {"node": node, "away": moment(turn.down).isoformat(), "back": moment(turn.back).isoformat()}
            for node, turn in upgrade.turns.items()
        ],
    }


def _planted(world: World) -> Iterator[dict[str, Any]]:
    latencies: tuple[tuple[str, Callable[[World, str], Operations]], ...] = (
        ("etcd_disk_wal_fsync_duration_seconds", etcd.fsyncs),
        ("etcd_disk_backend_commit_duration_seconds", etcd.commits),
    )
    hours = int((world.timeline.end - world.timeline.start).total_seconds()) // 3600
    for member in world.cluster.control_plane:
        for family, operations_of in latencies:
            operations = operations_of(world, member.name)
            for hour in range(hours):
                begin, finish = (world.timeline.index(timedelta(hours=hour + more)) for more in (0, 1))
                yield {
                    "family": family,
                    "node": member.name,
                    "hour": (world.timeline.start + timedelta(hours=hour)).isoformat(),
                    "value": quantile(operations, 0.99, slice(begin, finish)),
                }


def every_series(plan: Plan) -> Iterator[Series]:
    """All series of the cluster, exporter after exporter."""
    world = plan.world()
    return (series for exporter in EXPORTERS for series in exporter(world))


def _count(plan: Plan) -> int:
    """How many series the plan has: as many as in a minute of it."""
    minute = Timeline(plan.timeline.start, plan.timeline.start + timedelta(minutes=1), plan.timeline.seed)
    return sum(1 for _ in every_series(Plan(minute, plan.workers, cpus=plan.cpus)))


def _silent(step: str, fraction: float) -> None:
    pass


def load(plan: Plan, destination: Path, progress: Progress = _silent) -> tuple[int, int]:
    """Write the history part by part; answers with how many series and samples it has."""
    total, series = _count(plan), every_series(plan)
    begun = samples = 0
    part_size = max(PART // plan.timeline.size, 1)
    with HistoryWriter(destination, plan.timeline.end - plan.timeline.start) as history:
        while part := list(islice(series, part_size)):
            request, count = encode(plan.timeline, part)
            history.write(request)
            begun, samples = begun + len(part), samples + count
            progress("Simulating", min(begun / total, 1.0))
    return begun, samples


def main() -> None:
    """`python -m demo.cluster`: only the history, for whoever wants a Prometheus to try things on."""
    parser = argparse.ArgumentParser(description="Simulate an OpenShift cluster into a Prometheus data directory.")
    parser.add_argument("--out", type=Path, required=True, help="data directory to write")
    parser.add_argument("--hours", type=int, default=24)
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--quiet", action="store_true", help="plant no faults")
    parser.add_argument("--scenario", action="append", metavar="NAME", help="plant this fault instead of the demo's")
    parser.add_argument(
        "--upgrade-at", type=parse_duration, metavar="6h", help="begin a rolling upgrade that long after the start"
    )
    options = parser.parse_args()
    try:
        made = simulate(
            options.out,
            floor_hour(datetime.now(UTC)),
            options.hours,
            options.seed,
            options.workers,
            () if options.quiet else named_scenarios(options.scenario) if options.scenario else None,
            upgrade_after=options.upgrade_at,
        )
    except OcpperfError as fault:
        parser.error(str(fault))
    print(f"{made.series} series, {made.samples} samples in {options.out}")


if __name__ == "__main__":
    main()
