"""Windows with a name: the benchmark before an upgrade, the week after it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.contracts.windows import Window
from ocpperf_mcp.state.records import change_records, read_records

NAME = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$"


class NamedRun(BaseModel):
    """One named window of a cluster, half-open, in UTC."""

    model_config = ConfigDict(frozen=True)

    name: Annotated[str, Field(pattern=NAME)]
    cluster: str
    start: AwareDatetime
    end: AwareDatetime
    note: str = ""
    named_at: AwareDatetime = Field(default_factory=lambda: datetime.now(UTC))

    @property
    def window(self) -> Window:
        return Window(self.start, self.end)


def runs_path(home: Home) -> Path:
    return home.state / "runs.json"


def named_runs(home: Home) -> tuple[NamedRun, ...]:
    """Every named run, the earliest first."""
    return tuple(sorted(read_records(runs_path(home), NamedRun), key=lambda run: (run.start, run.name)))


def windows_by_name(home: Home) -> Mapping[str, Window]:
    return {run.name: run.window for run in named_runs(home)}


def name_run(home: Home, run: NamedRun, *, replace: bool = False) -> None:
    """Keep a run. Raises OcpperfError where the name is taken, unless it is to be replaced."""

    def add(known: tuple[NamedRun, ...]) -> list[NamedRun]:
        others = [one for one in known if one.name != run.name]
        if len(others) < len(known) and not replace:
            raise OcpperfError(f"A run is named '{run.name}' already.", "Take another name, or add --replace.")
        return [*others, run]

    change_records(runs_path(home), NamedRun, add)


def delete_run(home: Home, name: str) -> None:
    """Forget a name; the data stay. Raises OcpperfError where there is no such name."""

    def drop(known: tuple[NamedRun, ...]) -> list[NamedRun]:
        if name not in {one.name for one in known}:
            raise no_run(name, [one.name for one in known])
        return [one for one in known if one.name != name]

    change_records(runs_path(home), NamedRun, drop)


def no_run(name: str, known: list[str]) -> OcpperfError:
    return OcpperfError(f"No run is named '{name}'.", f"Known names: {', '.join(sorted(known)) or 'none yet'}.")
