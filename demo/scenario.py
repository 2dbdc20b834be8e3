"""A scenario is data: what is disturbed, when, where, and what a correct diagnosis must name."""

import re
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from demo.timeline import Timeline
from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.contracts.windows import parse_duration

FOLDER = Path(__file__).with_name("scenarios")


def _duration(value: Any) -> Any:
    return parse_duration(value) if isinstance(value, str) else value


Duration = Annotated[timedelta, BeforeValidator(_duration)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Disk(_Strict):
    """The disk under etcd takes `service_time_factor` times as long for every operation."""

    mechanism: Literal["disk"]
    service_time_factor: float = Field(gt=1)


class Cpu(_Strict):
    """Something on the node wants `extra_demand` of its CPUs more than before (1.0 = all of them)."""

    mechanism: Literal["cpu"]
    extra_demand: float = Field(gt=0)


class Nic(_Strict):
    """Something sends and receives `extra_traffic` times what the node's link can carry, on top of everything else."""

    mechanism: Literal["nic"]
    extra_traffic: float = Field(gt=0)


class Growth(_Strict):
    """Something writes objects until etcd's file holds `grows_to` of its quota; then they are deleted again."""

    mechanism: Literal["growth"]
    grows_to: float = Field(gt=0.3, lt=1)


class SouthboundStall(_Strict):
    """The southbound database of the node's OVN zone takes no changes, and ovn-controller loses its connection."""

    mechanism: Literal["southbound-stall"]


Disturbance = Annotated[Disk | Cpu | Nic | Growth | SouthboundStall, Field(discriminator="mechanism")]


class Expectation(_Strict):
    """One finding that must be there; `begins`: how long after the start of its scenario."""

    rule: str
    entity: str
    begins: Duration = timedelta(0)


class Scenario(_Strict):
    """`start` counts from the beginning of the simulated window."""

    name: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    title: str
    start: Duration
    duration: Duration
    nodes: tuple[str, ...] = Field(min_length=1)
    disturbs: Disturbance
    expect: tuple[Expectation, ...] = Field(min_length=1)


def disturbed(timeline: Timeline, scenario: Scenario) -> slice:
    """The grid points a scenario holds for."""
    return slice(timeline.index(scenario.start), timeline.index(scenario.start + scenario.duration))


def default_scenarios() -> tuple[Scenario, ...]:
    """The scenarios of the demo, in the order of their file names."""
    return tuple(read_scenario(path) for path in sorted(FOLDER.glob("*.yaml")))


def read_scenario(path: Path) -> Scenario:
    """One scenario file. Raises OcpperfError, naming file and field, when it does not describe a scenario."""
    try:
        return Scenario.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (yaml.YAMLError, OcpperfError, ValidationError) as fault:
        raise OcpperfError(f"{path.name} is no scenario: {_first(fault)}.", "Mend the file and run again.") from None


def check_scenarios(scenarios: Sequence[Scenario], nodes: Sequence[str], hours: int) -> None:
    """Raises OcpperfError when a scenario names a node the cluster lacks or ends after the history."""
    for scenario in scenarios:
        for node in scenario.nodes:
            if node not in nodes:
                raise OcpperfError(
                    f"Scenario {scenario.name} disturbs {node}, which is no node of the cluster.",
                    f"Nodes are {', '.join(nodes)}.",
                )
        if scenario.start + scenario.duration > timedelta(hours=hours):
            raise OcpperfError(
                f"Scenario {scenario.name} ends {scenario.start + scenario.duration} after the start of {hours} h.",
                "Simulate more hours or start it earlier.",
            )


def _first(fault: Exception) -> str:
    if isinstance(fault, ValidationError):
        error = fault.errors()[0]
        return f"{'.'.join(str(part) for part in error['loc'])}: {error['msg']}"
    return re.sub(r"\s+", " ", str(fault)).rstrip(".")
