"""What is written as history is what Prometheus answers afterwards, sample by sample."""

import json
import urllib.parse
import urllib.request
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from demo.cluster import every_series
from demo.history import HistoryWriter
from demo.prometheus import LocalPrometheus
from demo.remote_write import encode
from demo.series import Series
from demo.timeline import Timeline
from ocpperf_mcp.contracts.errors import OcpperfError
from tests.demo.conftest import Exposed

HOURS = timedelta(hours=2)


def answered(
    server: LocalPrometheus, timeline: Timeline, name: str
) -> dict[frozenset[tuple[str, str]], list[list[float]]]:
    """Every sample of the series of that name by their labels, as (Unix seconds, value)."""
    form = {"query": f"{name}[4h]", "time": str(timeline.end.timestamp() + 60)}
    with urllib.request.urlopen(f"{server.url}/api/v1/query?{urllib.parse.urlencode(form)}", timeout=30) as answer:
        result = json.load(answer)["data"]["result"]
    return {
        frozenset(one["metric"].items()): [[moment, float(value)] for moment, value in one["values"]] for one in result
    }


def exposed(timeline: Timeline, series: list[Series]) -> dict[frozenset[tuple[str, str]], list[list[float]]]:
    """The same of what was to be written."""
    found = {}
    for one in series:
        kept = one.target.scraped & ~np.isnan(one.values)
        labels = {"__name__": one.name, **{label: value for label, value in one.labels.items() if value}}
        moments = one.target.moments_ms(timeline)[kept] / 1000
        if kept.any():
            found[frozenset(labels.items())] = [list(pair) for pair in zip(moments, one.values[kept], strict=True)]
    return found


@pytest.fixture(scope="module")
def written(quiet: Exposed, tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("history") / "data"
    with HistoryWriter(data, HOURS) as history:
        half = len(quiet.series) // 2
        for part in (quiet.series[:half], quiet.series[half:]):
            history.write(encode(quiet.plan.timeline, part)[0])
    return data


@pytest.mark.parametrize(
    "name", ["up", "node_cpu_seconds_total", "etcd_disk_wal_fsync_duration_seconds_bucket", "kube_pod_info"]
)
def test_every_sample_is_answered_as_it_was_written(written: Path, quiet: Exposed, name: str) -> None:
    timeline = quiet.plan.timeline
    with LocalPrometheus(written) as server:
        assert answered(server, timeline, name) == exposed(timeline, quiet.all(name))


def test_the_history_is_one_block_with_every_series_and_sample(written: Path, quiet: Exposed) -> None:
    (block,) = written.glob("*/meta.json")
    stats = json.loads(block.read_text(encoding="utf-8"))["stats"]
    _, samples = encode(quiet.plan.timeline, every_series(quiet.plan))
    assert stats["numSamples"] == samples
    assert stats["numSeries"] == len(
        [one for one in quiet.series if not np.isnan(one.values[one.target.scraped]).all()]
    )


def test_what_prometheus_refuses_is_said_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    with pytest.raises(OcpperfError) as fault, HistoryWriter(tmp_path / "data", HOURS) as history:
        history.write(b"no request")
    assert fault.value.what.startswith("Prometheus refused the simulated history: snappy: ")
    assert not (tmp_path / "data").exists()
    assert list(scratch.iterdir()) == []


def test_a_server_that_does_not_start_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    monkeypatch.setenv("OCPPERF_DEMO_PROMETHEUS", str(tmp_path))
    with pytest.raises(OcpperfError), HistoryWriter(tmp_path / "data", HOURS):
        raise AssertionError("it started")
    assert list(scratch.iterdir()) == []
