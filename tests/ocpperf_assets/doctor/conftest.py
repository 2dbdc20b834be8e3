"""A small simulated cluster behind the proxy, a made-up history with known edges, and the command as typed."""

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from demo.cluster import simulate
from demo.prometheus import LocalPrometheus
from ocpperf_assets.promql import Endpoint, PrometheusClient
from tests.conftest import OCPPERF
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


@pytest.fixture
def doctor(tmp_path: Path) -> Doctor:
    """`ocpperf doctor` in a shell: options, and settings by name."""

    def run(url: str, *options: str, **settings: str) -> Said:
        environment = {key: value for key, value in os.environ.items() if not key.startswith("OCPPERF_")}
        environment |= {"OCPPERF_HOME": str(tmp_path / "home"), "OCPPERF_PROMETHEUS_URL": url}
        environment |= {f"OCPPERF_{name}".upper(): value for name, value in settings.items()}
        command = [OCPPERF, "doctor", *options]
        done = subprocess.run(
            command, env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False
        )
        assert TOKEN not in done.stdout + done.stderr
        return Said(done.returncode, tuple(done.stdout.splitlines()), done.stderr)

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
