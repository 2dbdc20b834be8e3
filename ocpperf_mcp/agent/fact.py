"""One thing that a report says, in a form that prose is held against."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from ocpperf_mcp.report.model import Finding

Role = Literal["level", "peak", "limit", "before", "other"]


@dataclass(frozen=True)
class Amount:
    """`value` is in the base unit of the dimension, rounded as the report shows it or exact."""

    value: float
    dimension: str
    role: Role = "level"


@dataclass(frozen=True)
class Fact:
    """What the report says of some things; without things it is said of the whole window."""

    things: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    """Of the metric's title, the rule and the statistic."""
    causes: frozenset[str] = frozenset()
    amounts: tuple[Amount, ...] = ()
    moments: tuple[datetime, ...] = ()
    text: str = ""
    """Our own sentence, where the fact has one, without names."""
    finding: Finding | None = None
    is_missed: bool = False
    is_met: bool = False
    is_event: bool = False
    statistic: str = ""
    """Of its level, where the report names one: mean, P99 and the like."""

    @property
    def span(self) -> tuple[datetime, datetime]:
        """When it began and ended, of a finding or an event."""
        return self.moments[0], self.moments[1] if len(self.moments) > 1 else self.moments[0]

    def concerns(self, titles: frozenset[str]) -> bool:
        """Whether it is about more than half of the title words; about anything where there are none."""
        return not titles or 2 * len(titles & self.words) > len(titles)

    @property
    def change(self) -> tuple[float, float] | None:
        """Level before and after, where both are known."""
        before = [one.value for one in self.amounts if one.role == "before"]
        after = [one.value for one in self.amounts if one.role == "level"]
        return (before[0], after[0]) if before and after else None
