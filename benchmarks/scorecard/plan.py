"""When each scenario happens in a run: a seeded order on successive stretches, two of them at the same time."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from benchmarks.scorecard.score import SLACK, Expected
from demo.scenario import Scenario, read_scenario
from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.contracts.windows import HOUR

REST = 2 * HOUR
"""Between the last hour of a stretch and the next: findings of neighbouring hours would become one."""

TOGETHER = 15
"""Minutes within which those of one stretch begin: shorter than a scenario, so that they meet."""


@dataclass(frozen=True)
class Plan:
    """Scenarios with the times of this run, in their order, and the hours they need."""

    scenarios: tuple[Scenario, ...]
    hours: int

    def expectations(self) -> Iterator[Expected]:
        for one in self.scenarios:
            for each in one.expect:
                yield Expected(one.name, each.rule, each.entity, one.start, one.start + one.duration, each.begins)


def read_scenarios(folders: Sequence[Path]) -> tuple[Scenario, ...]:
    """All scenarios of the folders. Raises OcpperfError on a folder without one and on a name that comes twice."""
    found: dict[str, Scenario] = {}
    for folder in folders:
        paths = sorted(folder.glob("*.yaml"))
        if not paths:
            raise OcpperfError(f"{folder} holds no scenario.", "Name a directory with *.yaml files of scenarios.")
        for path in paths:
            scenario = read_scenario(path)
            if scenario.name in found:
                raise OcpperfError(f"{path} has the name of another scenario.", "Give it a name of its own.")
            found[scenario.name] = scenario
    return tuple(found.values())


def make_plan(scenarios: Sequence[Scenario], seed: int, *, hours_before: int, hours_between: int) -> Plan:
    """Each stretch begins `hours_between` after the one before, or later when that one lasts longer."""
    chance = random.Random(seed)
    placed: list[Scenario] = []
    begin = timedelta(hours=hours_before)
    for stretch in stretches(chance.sample(list(scenarios), len(scenarios))):
        start = begin + timedelta(minutes=chance.randrange(60 - TOGETHER))
        now = [_at(one, start + timedelta(minutes=chance.randrange(TOGETHER))) for one in stretch]
        placed += now
        begin = max(begin + timedelta(hours=hours_between), _rested(now))
    last = max((one.start + one.duration for one in placed), default=begin)
    return Plan(tuple(placed), -(-(last + REST) // HOUR))


def stretches(scenarios: Sequence[Scenario]) -> list[tuple[Scenario, ...]]:
    """One scenario each, and the first two that can happen at the same time together."""
    pair = next(
        ((one, other) for place, one in enumerate(scenarios) for other in scenarios[place + 1 :] if _agree(one, other)),
        None,
    )
    if pair is None:
        return [(one,) for one in scenarios]
    return [pair if one is pair[0] else (one,) for one in scenarios if one is not pair[1]]


def _agree(one: Scenario, other: Scenario) -> bool:
    """Different nodes and different kinds."""
    return one.disturbs.mechanism != other.disturbs.mechanism and not set(one.nodes) & set(other.nodes)


def _at(scenario: Scenario, start: timedelta) -> Scenario:
    return scenario.model_copy(update={"start": start})


def _rested(stretch: Sequence[Scenario]) -> timedelta:
    """The first hour after the stretch in which the next may begin."""
    last = max(one.start + one.duration for one in stretch) + SLACK
    return last // HOUR * HOUR + REST
