"""Small simulated clusters, as arrays: two hours of two workers beside the control plane."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property

import numpy as np
import pytest

from demo.cluster import Plan, every_series
from demo.scenario import Scenario
from demo.series import Series
from demo.timeline import Floats, Timeline

END = datetime(2026, 1, 2, tzinfo=UTC)
HOURS = 2


def plan(
    *scenarios: Scenario, hours: int = HOURS, workers: int = 2, seed: int = 1, upgrade_after: timedelta | None = None
) -> Plan:
    timeline = Timeline(END - timedelta(hours=hours), END, seed)
    return Plan(timeline, workers, scenarios, upgrade_after=upgrade_after)


def scenario(mechanism: str, node: str, **strength: float) -> Scenario:
    """A disturbance of half an hour in the middle of the two hours."""
    return Scenario.model_validate(
        {
            "name": "test",
            "title": "A test's fault",
            "start": "45m",
            "duration": "30m",
            "nodes": [node],
            "disturbs": {"mechanism": mechanism, **strength},
            "expect": [{"rule": "a-rule", "entity": node}],
        }
    )


@dataclass(frozen=True)
class Exposed:
    """Everything a cluster exposes."""

    plan: Plan

    @cached_property
    def series(self) -> Sequence[Series]:
        return list(every_series(self.plan))

    def all(self, name: str, /, **labels: str) -> list[Series]:
        """Every series of that name with those labels; there must be one."""
        found = [one for one in self.series if one.name == name and labels.items() <= one.labels.items()]
        assert found, f"no {name} with {labels}"
        return found

    def values(self, name: str, /, **labels: str) -> Floats:
        """The values of the one series of that name with those labels."""
        (one,) = self.all(name, **labels)
        return one.values

    def gained(self, name: str, /, **labels: str) -> Floats:
        """What every scrape found added since the one before, summed over the series of that name with those labels."""
        return np.asarray(sum(np.diff(one.values, prepend=one.values[:1]) for one in self.all(name, **labels)))

    def by_identity(self) -> dict[tuple[str, frozenset[tuple[str, str]]], Series]:
        return {(one.name, frozenset(one.labels.items())): one for one in self.series}

    def during(self, minutes: tuple[int, int]) -> slice:
        """The scrapes between two minutes after the start."""
        first, last = (self.plan.timeline.index(timedelta(minutes=minute)) for minute in minutes)
        return slice(first, last)


Disturbed = Callable[[Scenario], Exposed]


@pytest.fixture(scope="session")
def quiet() -> Exposed:
    return Exposed(plan())


@pytest.fixture(scope="session")
def disturbed() -> Disturbed:
    """The same cluster with one fault, simulated once a fault."""
    known: dict[str, Exposed] = {}

    def of(fault: Scenario) -> Exposed:
        return known.setdefault(fault.model_dump_json(), Exposed(plan(fault)))

    return of
