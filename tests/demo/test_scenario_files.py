"""A scenario that cannot be is refused with one sentence, before anything is simulated."""

from pathlib import Path

import pytest
import yaml

from demo.cluster import simulate
from demo.scenario import MORE, check_scenarios, default_scenarios, more_scenarios, named_scenarios, read_scenario
from demo.topology import build_cluster
from ocpperf_mcp.contracts.errors import OcpperfError
from tests.demo.conftest import END

GOOD = """\
name: slow
title: A slow disk
start: 30m
duration: 1h
nodes: [master-1]
disturbs: {mechanism: disk, service_time_factor: 10}
expect: [{rule: a-rule, entity: master-1}]
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "slow.yaml"
    path.write_text(GOOD, encoding="utf-8")
    return path


def refusal(file: Path, old: str, new: str) -> str:
    """What is said about the good file with one thing changed."""
    assert old in GOOD
    file.write_text(GOOD.replace(old, new), encoding="utf-8")
    with pytest.raises(OcpperfError) as fault:
        read_scenario(file)
    assert "\n" not in fault.value.what
    return fault.value.what


def test_a_file_is_read_as_it_was_written(file: Path) -> None:
    scenario = read_scenario(file)
    assert scenario.model_dump(mode="json") == {
        "name": "slow",
        "title": "A slow disk",
        "start": "PT30M",
        "duration": "PT1H",
        "nodes": ["master-1"],
        "disturbs": {"mechanism": "disk", "service_time_factor": 10.0},
        "expect": [{"rule": "a-rule", "entity": "master-1", "begins": "PT0S"}],
    }


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("title:", "titel:", "slow.yaml is no scenario: title: "),
        ("nodes:", "color: red\nnodes:", "slow.yaml is no scenario: color: "),
        ("service_time_factor: 10", "service_time_factor: 1", "slow.yaml is no scenario: disturbs.disk.service_time"),
        ("mechanism: disk", "mechanism: moon", "slow.yaml is no scenario: disturbs: "),
        ("start: 30m", "start: soon", "slow.yaml is no scenario: 'soon' is not a duration"),
        ("duration: 1h", "duration: 0h", "slow.yaml is no scenario: The duration '0h' is zero"),
        ("nodes: [master-1]", "nodes: []", "slow.yaml is no scenario: nodes: "),
        ("nodes: [master-1]", "nodes: [master-1", "slow.yaml is no scenario: "),
        (GOOD, "", "slow.yaml is no scenario: "),
    ],
)
def test_a_faulty_file_is_refused_by_file_and_field(file: Path, old: str, new: str, reason: str) -> None:
    assert refusal(file, old, new).startswith(reason)


def refused_simulation(file: Path, hours: int) -> OcpperfError:
    destination = file.with_name("data")
    with pytest.raises(OcpperfError) as fault:
        simulate(destination, END, hours=hours, workers=1, scenarios=[read_scenario(file)])
    assert not destination.exists()
    return fault.value


def test_a_node_that_the_cluster_lacks_is_named_with_those_it_has(file: Path) -> None:
    file.write_text(GOOD.replace("nodes: [master-1]", "nodes: [worker-7]"), encoding="utf-8")
    fault = refused_simulation(file, 2)
    assert fault.what == "Scenario slow disturbs worker-7, which is no node of the cluster."
    assert fault.next_step == "Nodes are master-0, master-1, master-2, infra-0, infra-1, worker-0."


def test_a_scenario_that_ends_after_the_history_is_refused(file: Path) -> None:
    fault = refused_simulation(file, 1)
    assert fault.what == "Scenario slow ends 1:30:00 after the start of 1 h."


def test_there_are_more_scenarios_each_within_six_hours_of_the_demos_cluster() -> None:
    scenarios = (*default_scenarios(), *more_scenarios())
    assert len({scenario.name for scenario in scenarios}) == len(scenarios) >= 14
    assert len({scenario.disturbs.mechanism for scenario in scenarios}) >= 14
    nodes = [node.name for node in build_cluster(4).nodes]
    check_scenarios(more_scenarios(), nodes, 6)


def test_what_is_expected_are_rules_that_there_are() -> None:
    known = set()
    for path in (Path(__file__).parents[2] / "metrics" / "rules").glob("*.yaml"):
        known |= {entry["rule"] for entry in yaml.safe_load(path.read_text(encoding="utf-8"))["rules"]}
    expected = {found.rule for scenario in (*default_scenarios(), *more_scenarios()) for found in scenario.expect}
    assert expected - known == set()


def test_scenarios_have_the_names_of_their_files_and_are_found_by_them() -> None:
    names = [path.stem for path in sorted(MORE.glob("*.yaml"))]
    assert [scenario.name for scenario in named_scenarios(names)] == names
    with pytest.raises(OcpperfError) as fault:
        named_scenarios(["moonlight"])
    assert fault.value.what == "There is no scenario moonlight."


def test_the_demos_scenarios_name_a_cause_and_a_place() -> None:
    scenarios = default_scenarios()
    assert len({scenario.name for scenario in scenarios}) == len(scenarios) >= 2
    for scenario in scenarios:
        assert {expected.entity.partition("/")[0] for expected in scenario.expect} <= set(scenario.nodes)
