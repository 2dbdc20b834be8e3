"""The sections of a report in their order. One that reads tables of its own appears once the warehouse has them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ocpperf_mcp.report.model import Section
from ocpperf_mcp.report.reading import Reading
from ocpperf_mcp.report.sections.alerts import alerts
from ocpperf_mcp.report.sections.capacity import RELATION as CAPACITY
from ocpperf_mcp.report.sections.capacity import capacity
from ocpperf_mcp.report.sections.changes import changes
from ocpperf_mcp.report.sections.cluster import cluster
from ocpperf_mcp.report.sections.fleet import RELATION as FLEET
from ocpperf_mcp.report.sections.fleet import fleet
from ocpperf_mcp.report.sections.levels import levels
from ocpperf_mcp.report.sections.missing import missing
from ocpperf_mcp.report.sections.objectives import objectives


@dataclass(frozen=True)
class SectionSpec:
    """`build` answers None where it has nothing to say; `needs` names tables that older warehouses lack."""

    build: Callable[[Reading], Section | None]
    needs: tuple[str, ...] = ()


OF_FLEET = (SectionSpec(fleet, needs=(FLEET,)),)
BEFORE_LEVELS = (
    SectionSpec(objectives),
    SectionSpec(changes),
    SectionSpec(capacity, needs=(CAPACITY,)),
    SectionSpec(alerts),
)
AFTER_LEVELS = (SectionSpec(cluster), SectionSpec(missing))


def sections(reading: Reading) -> Iterator[Section]:
    """Those that have something to say of this warehouse and window."""
    yield from built(reading, BEFORE_LEVELS)
    yield from levels(reading)
    yield from built(reading, AFTER_LEVELS)


def built(reading: Reading, specs: tuple[SectionSpec, ...]) -> Iterator[Section]:
    """The sections of those whose tables are there, and that have something to say."""
    for spec in specs:
        if all(reading.has(table) for table in spec.needs) and (section := spec.build(reading)):
            yield section
