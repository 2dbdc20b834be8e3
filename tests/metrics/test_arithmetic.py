"""What a person works out by hand from what was planted is what the warehouse holds after a whole collection."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.contracts.windows import floor_hour
from tests.conftest import OCPPERF, Demo
from tests.metrics.planting import Expected, lines, stories
from tests.openmetrics import serving

HOUR = floor_hour(datetime.now(UTC)) - timedelta(hours=2)
STORIES = stories()
EXPECTED = [
    pytest.param(one, id=f"{one.metric}: {one.because}") for story in STORIES.values() for one in story.expected
]


@pytest.fixture(scope="module")
def hour(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """The planted hour, collected by the command that people type."""
    root = tmp_path_factory.mktemp("planted")
    planted = [one for story in STORIES.values() for one in story.planted]
    home = root / "home"
    with serving(list(lines(planted, HOUR, HOUR + timedelta(hours=1))), root) as server:
        environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith("OCPPERF_")},
            "OCPPERF_HOME": str(home),
            "OCPPERF_PROMETHEUS_URL": server.url,
            "DAGSTER_HOME": str(home / "dagster"),
        }
        command = [OCPPERF, "collect", "--from", HOUR.isoformat(), "--to", (HOUR + timedelta(hours=1)).isoformat()]
        finished = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=300)
    assert finished.returncode == 0, finished.stderr
    return Demo(root, finished, Home(home))


Samples = Mapping[str, Sequence[tuple[Mapping[str, str], float]]]


@pytest.fixture(scope="module")
def held(hour: Demo) -> Samples:
    """Every sample of the hour by metric, with the labels of its series."""
    found: dict[str, list[tuple[Mapping[str, str], float]]] = {}
    rows: list[tuple[Any, ...]] = hour.rows(
        "select sample.metric, series.labels, sample.value from raw_sample as sample "
        "join raw_series as series on series.series_id = sample.series_id"
    )
    for metric, labels, value in rows:
        found.setdefault(metric, []).append((labels, float(str(value))))
    return found


def samples(held: Samples, one: Expected) -> list[float]:
    """Every sample of the metric's series with those labels."""
    return [value for labels, value in held.get(one.metric, ()) if one.of.items() <= labels.items()]


@pytest.mark.parametrize("one", EXPECTED)
def test_the_hour_holds_what_was_planted(hour: Demo, held: Samples, one: Expected) -> None:
    if one.p99_within is not None:
        query = "select p99, observations from fct_latency_hourly where metric = $metric"
        ((p99, observations),) = hour.rows(query, {"metric": one.metric})
        low, high = one.p99_within
        assert low <= float(str(p99)) <= high
        assert float(str(observations)) == pytest.approx(one.observations, rel=0.02)
        return
    found = samples(held, one)
    if one.nothing:
        assert found == []
        return
    assert found, f"{one.metric} has no sample with {one.of}"
    assert found == [pytest.approx(one.value, rel=1e-6, abs=1e-9)] * len(found)


def test_every_domain_has_planted_metrics() -> None:
    assert len({one.metric for story in STORIES.values() for one in story.expected}) >= 60
