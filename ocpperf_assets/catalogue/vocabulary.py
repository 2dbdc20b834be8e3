"""Closed vocabularies of catalogue and rules, and the base of every model read from YAML."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

Kind = Literal["gauge", "histogram", "state"]
Better = Literal["lower", "higher", "neither"]
AbsentMeans = Literal["missing", "zero", "not_applicable"]
Tier = Literal["T1", "T2", "T3", "T4", "T5"]
LevelTier = Literal["T1", "T2", "T3", "T4", "T5", "baseline", "own"]
"""`own` is a limit that a site set for itself: in rule files of its own."""
Severity = Literal["info", "warning", "critical"]
Profile = Literal["default", "lab", "upstream"]
Statistic = Literal["p50", "p90", "p99", "value"]
Direction = Literal["above", "below"]
Horizon = Literal["now", "days", "weeks", "months"]
"""By when an action can be done: `now` looks, or restores what is broken; `days` changes configuration or a workload;
`weeks` takes a maintenance window or a roll-out over a pool; `months` takes new hardware or another topology."""
Unit = Literal[
    "seconds",
    "bytes",
    "ratio",
    "count",
    "cores",
    "boolean",
    "info",
    "unix_seconds",
    "per_second",
    "bytes_per_second",
    "bits_per_second",
    "operations_per_second",
    "requests_per_second",
    "packets_per_second",
]

_DURATION = re.compile(r"(\d+[wdhms])+")
_SECONDS = {"w": 604_800, "d": 86_400, "h": 3_600, "m": 60, "s": 1}


def _is_duration(text: str) -> str:
    if not _DURATION.fullmatch(text) or not duration_s(text):
        raise ValueError("expected a duration like 30s, 5m or 1h30m")
    return text


def duration_s(text: str) -> int:
    """Seconds of a checked duration."""
    return sum(int(count) * _SECONDS[unit] for count, unit in re.findall(r"(\d+)([wdhms])", text))


def written_duration(seconds: int) -> str:
    """A duration as PromQL writes it in whole units: 300 is `5m`."""
    unit = next(unit for unit, size in _SECONDS.items() if seconds % size == 0)
    return f"{seconds // _SECONDS[unit]}{unit}"


Duration = Annotated[
    str,
    AfterValidator(_is_duration),
    Field(json_schema_extra={"pattern": r"^(\d+[wdhms])+$"}, description="A duration like 30s, 5m or 1h30m."),
]
Text = Annotated[str, Field(min_length=1)]
Key = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]*$")]
ToolName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Version = Annotated[str, Field(pattern=r"^\d+\.\d+$", description="An OpenShift version like '4.16', in quotes.")]


class Frozen(BaseModel):
    """A plain immutable value."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)
