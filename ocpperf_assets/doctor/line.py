"""One line of what the doctor says."""

from dataclasses import dataclass
from enum import StrEnum

from ocpperf_mcp.contracts.errors import OcpperfError


class Level(StrEnum):
    OK = "ok"
    WARNING = "warning"
    FAULT = "fault"


@dataclass(frozen=True)
class Line:
    """A sentence, how bad it is, and what to do next where there is something to do."""

    level: Level
    sentence: str
    next_step: str = ""

    def __str__(self) -> str:
        return " ".join(f"{self.level}: {self.sentence} {self.next_step}".split())


def ok(sentence: str) -> Line:
    return Line(Level.OK, sentence)


def warning(sentence: str, next_step: str) -> Line:
    return Line(Level.WARNING, sentence, next_step)


def fault(sentence: str, next_step: str) -> Line:
    return Line(Level.FAULT, sentence, next_step)


def of_error(error: OcpperfError) -> Line:
    return Line(Level.FAULT, error.what, error.next_step)


def listed(names: list[str], most: int = 6) -> str:
    """Names for a sentence; of many, the first and the number of the others."""
    shown = ", ".join(names[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most} more"
