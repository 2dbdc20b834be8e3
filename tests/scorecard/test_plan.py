"""Every scenario has its place in a run, and nothing but the wanted pair meets."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import combinations
from pathlib import Path

import pytest

from benchmarks.scorecard.plan import Plan, make_plan, read_scenarios, stretches
from demo.scenario import FOLDER, Cpu, Disk, Disturbance, Expectation, Scenario
from ocpperf_mcp.contracts.errors import OcpperfError

HOUR = timedelta(hours=1)
CPU, DISK = Cpu(mechanism="cpu", extra_demand=1), Disk(mechanism="disk", service_time_factor=9)


def scenario(name: str, disturbs: Disturbance, node: str, lasts: timedelta = HOUR) -> Scenario:
    expect = (Expectation(rule="a-rule", entity=node, begins=timedelta(minutes=5)),)
    return Scenario(name=name, title=name, start=HOUR, duration=lasts, nodes=(node,), disturbs=disturbs, expect=expect)


MANY = [
    scenario("a", CPU, "worker-0"),
    scenario("b", CPU, "worker-1", lasts=5 * HOUR),
    scenario("c", DISK, "worker-0"),
    scenario("d", DISK, "master-0"),
    scenario("e", CPU, "master-0"),
]


def planned(seed: int, scenarios: Sequence[Scenario] = MANY, between: int = 3) -> Plan:
    return make_plan(scenarios, seed, hours_before=24, hours_between=between)


def meetings(plan: Plan) -> list[tuple[Scenario, Scenario]]:
    """Those of which one begins before the other has ended an hour ago."""
    return [
        (one, other)
        for one, other in combinations(plan.scenarios, 2)
        if one.start < other.start + other.duration + HOUR and other.start < one.start + one.duration + HOUR
    ]


@pytest.mark.parametrize("seed", range(2, 12))
def test_all_have_a_place_and_two_of_them_the_same(seed: int) -> None:
    plan = planned(seed)
    assert sorted(one.name for one in plan.scenarios) == list("abcde")
    ((one, other),) = meetings(plan)
    assert one.disturbs.mechanism != other.disturbs.mechanism
    assert not set(one.nodes) & set(other.nodes)
    assert abs(one.start - other.start) < timedelta(minutes=15)


@pytest.mark.parametrize("seed", range(2, 12))
def test_none_begins_in_the_first_day_and_all_end_in_the_history(seed: int) -> None:
    plan = planned(seed)
    assert min(one.start for one in plan.scenarios) >= 24 * HOUR
    assert max(one.start + one.duration for one in plan.scenarios) <= plan.hours * HOUR


def test_stretches_are_as_far_apart_as_asked() -> None:
    hours = sorted({one.start // HOUR for one in planned(2, MANY[:1] + MANY[2:], between=7).scenarios})
    assert hours == [24, 31, 38]


def test_a_seed_gives_its_order_again_and_another_gives_another() -> None:
    assert planned(2) == planned(2)
    assert len({tuple(one.name for one in planned(seed).scenarios) for seed in range(2, 8)}) > 1


def test_where_no_two_agree_each_is_alone() -> None:
    alike = [scenario(name, CPU, f"worker-{name}") for name in "abc"]
    assert stretches(alike) == [(one,) for one in alike]
    assert stretches([]) == []


def test_expectations_move_with_their_scenario() -> None:
    plan = planned(2, MANY[:1])
    (expected,) = plan.expectations()
    assert (expected.scenario, expected.rule, expected.entity) == ("a", "a-rule", "worker-0")
    assert expected.start == plan.scenarios[0].start
    assert (expected.end - expected.start, expected.begins) == (HOUR, timedelta(minutes=5))


def test_folders_are_read_together(tmp_path: Path) -> None:
    text = (FOLDER / "slow-disk.yaml").read_text(encoding="utf-8")
    (tmp_path / "own.yaml").write_text(text.replace("name: slow-disk", "name: own"), encoding="utf-8")
    names = [one.name for one in read_scenarios([FOLDER, tmp_path])]
    assert {"slow-disk", "own"} < set(names)
    with pytest.raises(OcpperfError, match="name of another scenario"):
        read_scenarios([FOLDER, FOLDER])


def test_a_folder_without_scenarios_is_named(tmp_path: Path) -> None:
    with pytest.raises(OcpperfError, match="holds no scenario"):
        read_scenarios([FOLDER, tmp_path])
