"""Collecting made-up metrics from a real Prometheus into staged files."""

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from demo.prometheus import LocalPrometheus
from ocpperf_assets.catalogue import Metric
from ocpperf_assets.extraction import DomainReport, DomainRequest, collect_domain
from ocpperf_assets.promql import Endpoint, PrometheusClient
from ocpperf_mcp.contracts.windows import HOUR, Window
from tests.openmetrics import serving
from tests.wire import Wire, wire_to

T0 = datetime(2026, 1, 1, tzinfo=UTC)
HOURS = 4
SERIES = 12


def history() -> list[str]:
    """Scrapes every 30 s, never on a minute: gauges, a state that changes once an hour, a NaN and a histogram."""
    begin = int(T0.timestamp()) - 600
    times = [begin + 30 * index + 7 for index in range((HOURS * 3600 + 1200) // 30)]
    lines = ["# TYPE load gauge"]
    lines += [f'load{{n="{n:02}"}} {n + index % 5} {at}' for n in range(SERIES) for index, at in enumerate(times)]
    lines += ["# TYPE late gauge"]
    lines += [f"late 1 {at}" for at in times if at > begin + 600 + 2 * 3600]
    lines += ["# TYPE broken gauge"]
    lines += [f"broken {'NaN' if index % 2 else 1} {at}" for index, at in enumerate(times)]
    lines += ["# TYPE phase gauge"]
    lines += [f'phase{{name="Running"}} {1 + (at - begin) // 5400} {at}' for at in times]
    lines += ["# TYPE took histogram"]
    for le, share in (("0.1", 1), ("1", 3), ("+Inf", 4)):
        lines += [f'took_bucket{{le="{le}"}} {share * index} {at}' for index, at in enumerate(times)]
    lines += [f"took_count {4 * index} {at}" for index, at in enumerate(times)]
    lines += [f"took_sum {2 * index} {at}" for index, at in enumerate(times)]
    return lines


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalPrometheus]:
    with serving(history(), tmp_path_factory.mktemp("extraction")) as running:
        yield running


@pytest.fixture
def wire(server: LocalPrometheus) -> Iterator[Wire]:
    with wire_to(server.url) as proxy:
        yield proxy


def metric(name: str, query: str, **changes: Any) -> Metric:
    """A catalogue entry with nothing special about it."""
    plain = Metric(
        domain="lab",
        name=name,
        title=name,
        category="lab",
        expr=query,
        query=query,
        kind="gauge",
        unit="count",
        labels=(),
        better="neither",
        description="A test's metric.",
        quantile_of=None,
        sum_metric=None,
        count_metric=None,
        objective=None,
        capacity=None,
        absent_means="missing",
        tools=(),
        max_series=5000,
        many_because=None,
        step_s=None,
        window_s=300,
        since=None,
        until=None,
        watch=False,
        scope=None,
        job=None,
    )
    return plain.model_copy(update=changes)


LOAD = metric("load", "sum by (n) (load)", labels=("n",))
BUCKETS = metric("took", "sum by (le) (increase(took_bucket[5m]))", kind="histogram", unit="seconds")
STATE = metric("phase", "max by (name) (phase)", kind="state", labels=("name",))
LATE = metric("late", "max(late)")
BROKEN = metric("broken", "max by () (broken)")
NOTHING = metric("nothing", "sum(nothing_of_this_name)")
FAULTY = metric("faulty", "sum(load) + on (")


@dataclass
class Lab:
    """One staging directory and what was collected into it."""

    wire: Wire
    staging: Path
    progress: list[tuple[int, int]] = field(default_factory=list)

    def collect(self, *metrics: Metric, windows: tuple[Window, ...] = (), **changes: Any) -> DomainReport:
        request = DomainRequest("lab", "lab", metrics, windows or (hours(0, HOURS),))
        endpoint = Endpoint(self.wire.url, backoff_s=0.001)
        step = changes.pop("default_step_s", 60)
        return collect_domain(
            dataclasses.replace(request, **{key: value for key, value in changes.items() if key != "concurrency"}),
            PrometheusClient(dataclasses.replace(endpoint, concurrency=changes.get("concurrency", 4))),
            self.staging,
            default_step_s=step,
            on_progress=lambda done, total: self.progress.append((done, total)),
        )

    def rows(self, query: str) -> list[tuple[object, ...]]:
        """SQL over the staged files: `samples`, `buckets`, `series`, `extraction`."""
        with duckdb.connect() as con:
            for kind in ("samples", "buckets", "series", "extraction"):
                if files := sorted(map(str, self.staging.glob(f"lab/{kind}-*.parquet"))):
                    con.execute(f"create view {kind} as from read_parquet({files})")
            return con.execute(query).fetchall()


@pytest.fixture
def lab(wire: Wire, tmp_path: Path) -> Lab:
    return Lab(wire, tmp_path / "run")


def at(hour: float) -> datetime:
    """Naive, as staged."""
    return (T0 + timedelta(hours=hour)).replace(tzinfo=None)


def hours(first: int, last: int) -> Window:
    return Window(T0 + first * HOUR, T0 + last * HOUR)
