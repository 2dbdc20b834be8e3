"""Amounts of typed values and of our own sentences, in base units."""

from collections.abc import Iterator

from ocpperf_mcp.agent.fact import Amount, Role
from ocpperf_mcp.agent.figures import Figure, blanked, figures, moments
from ocpperf_mcp.agent.units import COUNT, stored
from ocpperf_mcp.report.model import Value


def typed(value: Value, role: Role) -> Iterator[Amount]:
    """The exact number and the one that is shown."""
    if value.number is None or value.unit in ("boolean", "unix_seconds"):
        return
    unit = stored(value.unit)
    yield Amount(value.number * unit.factor, unit.dimension, role)
    yield from (Amount(one.value, one.dimension, role) for one in figures(clock_free(value.text))[:1])


def said(text: str, role: Role, *, bare: bool = True) -> Iterator[Amount]:
    found: tuple[Figure, ...] = figures(clock_free(text))
    yield from (Amount(one.value, one.dimension, role) for one in found if bare or one.dimension != COUNT)


def clock_free(text: str) -> str:
    return blanked(text, [(one.at, one.end) for one in moments(text)])
