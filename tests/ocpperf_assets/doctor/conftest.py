"""A small simulated cluster behind the proxy, a made-up history with known edges, and the command as typed."""

import os
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from demo.cluster import simulate
from demo.prometheus import LocalPrometheus
from ocpperf_assets.promql import Endpoint, PrometheusClient
from tests.conftest import OCPPERF, run_here
from tests.openmetrics import serving
from tests.wire import Wire, wire_to

TOKEN = "sha256~a-secret-of-the-cluster"
NODES = 7
"""Three of the control plane, two infra, two workers."""


@dataclass(frozen=True)
class Said:
    """What the doctor printed, and its exit code."""

    code: int
    lines: tuple[str, ...]
    errors: str

    def matching(self, text: str) -> list[str]:
        return [line for line in self.lines if text in line]

    def only(self, text: str) -> str:
        """The one line that contains the text."""
        (line,) = self.matching(text)
        return line

    @property
    def faults(self) -> list[str]:
        return [line for line in self.lines if line.startswith("fault: ")]


Doctor = Callable[..., Said]


def settings_of(home: Path, url: str, settings: Mapping[str, str]) -> dict[str, str]:
    named = {f"OCPPERF_{name}".upper(): value for name, value in settings.items()}
    return {"OCPPERF_HOME": str(home), "OCPPERF_PROMETHEUS_URL": url, **named}


def said(code: int, output: str, errors: str) -> Said:
    assert TOKEN not in output + errors
    return Said(code, tuple(output.splitlines()), errors)


@pytest.fixture
def doctor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Doctor:
    """`ocpperf doctor` within this process: options, and settings by name."""
    monkeypatch.chdir(tmp_path)

    def run(url: str, *options: str, **settings: str) -> Said:
        ended = run_here(settings_of(tmp_path / "home", url, settings), "doctor", *options)
        return said(ended.code, ended.output, ended.errors)

    return run


@pytest.fixture
def shell_doctor(tmp_path: Path) -> Doctor:
    """The same in a shell, where libraries write their warnings to stderr."""

    def run(url: str, *options: str, **settings: str) -> Said:
        environment = {key: value for key, value in os.environ.items() if not key.startswith("OCPPERF_")}
        done = subprocess.run(
            [OCPPERF, "doctor", *options],
            env=environment | settings_of(tmp_path / "home", url, settings),
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        return said(done.returncode, done.stdout, done.stderr)

    return run


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalPrometheus]:
    """Two hours of seven nodes, of which some minutes are still to come: there is data now.

    Prometheus takes no samples that are more than ten minutes ahead.
    """
    data = tmp_path_factory.mktemp("doctor") / "data"
    end = datetime.now(UTC).replace(second=0, microsecond=0) + timedelta(minutes=9)
    simulate(data, end, hours=2, workers=2, scenarios=())
    with LocalPrometheus(data) as server:
        yield server


@pytest.fixture
def wire(cluster: LocalPrometheus) -> Iterator[Wire]:
    with wire_to(cluster.url) as proxy:
        yield proxy


@dataclass(frozen=True)
class Past:
    """A server whose data begins and ends at known moments (Unix seconds)."""

    url: str
    now_s: float
    first_s: float
    last_s: float

    @property
    def client(self) -> PrometheusClient:
        return PrometheusClient(Endpoint(self.url, attempts=1))


@pytest.fixture(scope="session")
def past(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Past]:
    """From 50 hours to 3 hours ago: a target that is up with two zones, one that is down, and a counter born last."""
    now = time.time() // 60 * 60
    times = range(int(now) - 50 * 3600, int(now) - 3 * 3600, 60)
    lines = ["# TYPE up gauge"]
    lines += [f'up{{job="{job}"}} {value} {at}' for job, value in (("there", 1), ("down", 0)) for at in times]
    lines += ["# TYPE load gauge"]
    lines += [f'load{{job="there",zone="{zone}"}} {at % 7} {at}' for zone in "ab" for at in times]
    lines += ["# TYPE young counter", f'young_total{{job="there"}} 1 {times[-1]}']
    with serving(lines, tmp_path_factory.mktemp("past")) as server:
        yield Past(server.url, now, times[0], times[-1])
