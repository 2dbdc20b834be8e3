"""A scenario is data: what is disturbed, when, where, and what a correct diagnosis must name."""

import re
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from demo.timeline import Timeline
from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.contracts.windows import parse_duration

FOLDER = Path(__file__).with_name("scenarios")
MORE = Path(__file__).with_name("scenarios-more")


Kind = TypeVar("Kind", bound="_Strict")


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


class Memory(_Strict):
    """Something takes memory until only 1 - `used` of the node's is left; then the kernel drops programs' pages."""

    mechanism: Literal["memory"]
    used: float = Field(gt=0.85, lt=0.99)


class Distance(_Strict):
    """A round trip between the member and any other takes `round_trip_s` longer."""

    mechanism: Literal["distance"]
    round_trip_s: float = Field(gt=0, lt=1)


class Errors(_Strict):
    """`damaged`: share of the packets that arrive at the node's link with a wrong checksum."""

    mechanism: Literal["errors"]
    damaged: float = Field(gt=0, lt=0.5)


class Flaps(_Strict):
    """A second link of the node, which its pods and Prometheus do not need, goes up and down."""

    mechanism: Literal["flaps"]
    device: str
    changes_a_minute: float = Field(gt=0)


class Bond(_Strict):
    """So many ports of the node's bond lose their link."""

    mechanism: Literal["bond"]
    lost: int = Field(ge=1, le=2)


class Connections(_Strict):
    """Connections that nobody closes, until `fills_to` of the tracking table is used; half of the time it fills."""

    mechanism: Literal["connections"]
    fills_to: float = Field(gt=0.1, lt=1)


class Overload(_Strict):
    """API servers are asked `asked` times as much as before; what is not `refused` waits `waits_s` more."""

    mechanism: Literal["overload"]
    asked: float = Field(ge=1)
    refused: float = Field(ge=0, lt=1)
    waits_s: float = Field(ge=0)


class ClientErrors(_Strict):
    """`failing`: share of what the node's API server and controllers ask for that ends in an error of a server."""

    mechanism: Literal["client-errors"]
    failing: float = Field(gt=0, lt=1)


class Cni(_Strict):
    """`failing`: share of the requests for a pod's network that fail; the runtime asks again until one does not."""

    mechanism: Literal["cni"]
    failing: float = Field(gt=0, lt=1)


class Upcalls(_Strict):
    """The node's switch is asked about more new connections than it can decide about."""

    mechanism: Literal["upcalls"]
    lost_a_second: float = Field(ge=0)
    overflows_a_minute: float = Field(ge=0)


class Runtime(_Strict):
    """The node's container runtime takes `listing_s` to list its containers, and everything else later, too."""

    mechanism: Literal["runtime"]
    listing_s: float = Field(gt=0.1)


class Filling(_Strict):
    """Something writes files until `fills_to` of the file system is used; half of the time it fills."""

    mechanism: Literal["filling"]
    fills_to: float = Field(gt=0.7, lt=1)


class Clock(_Strict):
    """The node's clock is no longer set and drifts by so many microseconds a second."""

    mechanism: Literal["clock"]
    drift_ppm: float = Field(gt=0)


class Silence(_Strict):
    """The targets of some jobs on the node answer no scrape."""

    mechanism: Literal["silence"]
    jobs: tuple[str, ...] = Field(min_length=1)


class Rules(_Strict):
    """So many rules of a group fail at every evaluation."""

    mechanism: Literal["rules"]
    group: str
    failures: int = Field(ge=1)


Disturbance = Annotated[
    Disk
    | Cpu
    | Nic
    | Growth
    | SouthboundStall
    | Memory
    | Distance
    | Errors
    | Flaps
    | Bond
    | Connections
    | Overload
    | ClientErrors
    | Cni
    | Upcalls
    | Runtime
    | Filling
    | Clock
    | Silence
    | Rules,
    Field(discriminator="mechanism"),
]


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


def striking(
    timeline: Timeline, scenarios: Sequence[Scenario], node: str, kind: type[Kind]
) -> Iterator[tuple[slice, Kind]]:
    """What disturbs one mechanism on the node, and the grid points it holds for."""
    for scenario in scenarios:
        if isinstance(scenario.disturbs, kind) and node in scenario.nodes:
            yield disturbed(timeline, scenario), scenario.disturbs


def default_scenarios() -> tuple[Scenario, ...]:
    """The scenarios of the demo, in the order of their file names."""
    return tuple(read_scenario(path) for path in sorted(FOLDER.glob("*.yaml")))


def more_scenarios() -> tuple[Scenario, ...]:
    """Scenarios beside those of the demo, each within six hours, in the order of their file names."""
    return tuple(read_scenario(path) for path in sorted(MORE.glob("*.yaml")))


def named_scenarios(names: Sequence[str]) -> tuple[Scenario, ...]:
    """Those of these names, of the demo or beside it. Raises OcpperfError when there is none of a name."""
    known = {scenario.name: scenario for scenario in (*default_scenarios(), *more_scenarios())}
    for name in names:
        if name not in known:
            raise OcpperfError(f"There is no scenario {name}.", f"Scenarios are {', '.join(sorted(known))}.")
    return tuple(known[name] for name in names)


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
