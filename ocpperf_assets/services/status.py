"""`ocpperf status`: what runs, what was published, how the last runs went."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from rich.console import Console
from rich.table import Table

from ocpperf_assets.services.heartbeat import last_runs
from ocpperf_assets.services.record import Known, is_up, read_record
from ocpperf_assets.services.service import Service
from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.warehouse import open_published

_PUBLISHED = "select max(version), max(published_at) from raw_publication"


@dataclass(frozen=True)
class State:
    """A service as it is now."""

    service: Service
    pid: int | None = None
    since: datetime | None = None
    fault: str | None = "not running"

    @property
    def running(self) -> bool:
        return self.pid is not None


def states(home: Home, services: Sequence[Service]) -> list[State]:
    """Every service, whether it runs or not."""
    record = read_record(home) if is_up(home) else None
    return [_state(service, record.services.get(service.name) if record else None) for service in services]


def _state(service: Service, known: Known | None) -> State:
    process = known.process() if known else None
    if process is None:
        return State(service)
    started = process.create_time()
    return State(service, process.pid, datetime.fromtimestamp(started, UTC), service.health.fault(started))


def print_status(home: Home, found: Sequence[State], console: Console) -> None:
    """Services as a table, then what is known about the warehouse and the jobs."""
    table = Table(box=None, pad_edge=False)
    for heading in ("service", "state", "pid", "since (UTC)", "address"):
        table.add_column(heading, no_wrap=True)
    table.add_column("health", overflow="fold")
    for state in found:
        table.add_row(*_cells(state))
    console.print(table, highlight=False)
    for line in (*_published(home), *_runs(home)):
        console.print(line, highlight=False, soft_wrap=True)


def _cells(state: State) -> Iterator[str]:
    yield state.service.title
    yield "running" if state.running else "not running"
    yield str(state.pid or "")
    yield f"{state.since:%m-%d %H:%M}" if state.since else ""
    yield (state.service.address or "") if state.running else ""
    yield (state.fault or "well") if state.running else ""


def _published(home: Home) -> Iterator[str]:
    if not home.link.is_symlink():
        yield f"Nothing has been published in {home.root} yet."
        return
    try:
        with open_published(home) as con:
            ((version, at),) = con.execute(_PUBLISHED).fetchall()
    except OcpperfError as fault:
        yield str(fault)
        return
    yield f"Published: version {version}, {age(at.replace(tzinfo=UTC))} ago."


def _runs(home: Home) -> Iterator[str]:
    if not (home.dagster / "dagster.yaml").exists():
        return
    runs = last_runs(home.dagster)
    if not runs:
        yield "No job has run yet."
    for run in runs:
        yield f"Last run of {run.job}: {run.status}, {age(run.at)} ago."


def age(moment: datetime) -> str:
    """How long ago, to the precision one cares for."""
    passed = max(datetime.now(UTC) - moment, timedelta())
    minutes = int(passed.total_seconds() // 60)
    if minutes < 1:
        return f"{int(passed.total_seconds())} s"
    if minutes < 120:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // 1440} days"
