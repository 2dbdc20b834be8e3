"""Hours that were missed are collected by themselves, while Prometheus still has them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg
import pytest
import yaml

from demo.prometheus import LocalPrometheus, free_port
from ocpperf_assets.definitions import build_definitions
from ocpperf_assets.doctor.history import History
from ocpperf_assets.doctor.memory_verdict import of_memory
from ocpperf_assets.settings import Settings
from ocpperf_assets.slots import write_turn
from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.contracts.windows import HOUR, Window, floor_hour
from ocpperf_mcp.warehouse import open_published
from tests.conftest import Demo


@dataclass(frozen=True)
class Daemon:
    """Evaluates the sensor and executes what it asks for, as Dagster's daemon does."""

    instance: dg.DagsterInstance

    def tick(self, cursor: str | None = None) -> tuple[list[dg.RunRequest], str]:
        """What is asked for, and what is said when that is nothing."""
        repository = build_definitions(Settings()).get_repository_def()
        context = dg.build_sensor_context(instance=self.instance, repository_def=repository, cursor=cursor)
        data = repository.get_sensor_def("heal_gaps").evaluate_tick(context)
        return list(data.run_requests or ()), data.skip_message or ""

    def execute(self, request: dg.RunRequest) -> None:
        job = build_definitions(Settings()).resolve_job_def("collect")
        done = job.execute_in_process(
            instance=self.instance,
            run_config=dict(request.run_config),
            tags=dict(request.tags),
            asset_selection=list(request.asset_selection or ()),
        )
        assert done.success


@pytest.fixture
def daemon(tmp_path: Path, prometheus: LocalPrometheus, monkeypatch: pytest.MonkeyPatch) -> Iterator[Daemon]:
    monkeypatch.setenv("OCPPERF_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("OCPPERF_CLUSTER", "demo")
    monkeypatch.setenv("OCPPERF_PROMETHEUS_URL", prometheus.url)
    monkeypatch.setenv("OCPPERF_HEAL", "3")
    with dg.DagsterInstance.ephemeral() as instance:
        yield Daemon(instance)


def asked_hours(request: dg.RunRequest) -> tuple[datetime, datetime]:
    """First and last hour of a request."""
    first, last = (
        datetime.strptime(request.tags[f"dagster/asset_partition_range_{end}"], "demo|%Y-%m-%d-%H:%M").replace(
            tzinfo=UTC
        )
        for end in ("start", "end")
    )
    return first, last


def asked_metrics(request: dg.RunRequest) -> set[str]:
    return {metric for step in request.run_config["ops"].values() for metric in step["config"]["metrics"]}


def mark_failed(home: Home, hour: datetime, attempts: int) -> None:
    """As if the collection of one metric's hour had failed that often."""
    with write_turn(home, "test") as turn:
        turn.con.execute(
            "update raw_extraction set status = 'error', error = 'HTTP 503', attempts = ? "
            "where metric = 'node_cpu_busy' and hour = ?",
            [attempts, hour.replace(tzinfo=None)],
        )
        turn.changed_window("raw_extraction", "hour", "demo", Window(hour, hour + HOUR))


def test_history_is_filled_from_the_oldest_hour_that_prometheus_has(
    daemon: Daemon, day: tuple[datetime, datetime]
) -> None:
    (request,), _ = daemon.tick()
    assert asked_hours(request) == (day[0], day[0] + 2 * HOUR), "three hours are this hour's share, in one run"
    daemon.execute(request)
    with open_published(Settings().paths) as con:
        collected = con.execute("select min(hour), max(hour), count(distinct metric) from raw_extraction").fetchall()
        waiting = con.execute("select min(hour) from rpt_gap where state = 'recoverable'").fetchone()
    assert collected[0][:2] == tuple(hour.replace(tzinfo=None) for hour in asked_hours(request))
    assert waiting == ((day[0] + 3 * HOUR).replace(tzinfo=None),)
    (next_request,), _ = daemon.tick()
    assert asked_hours(next_request)[0] == day[0] + 3 * HOUR


def test_no_more_is_asked_for_once_the_share_of_the_hour_is_spent(daemon: Daemon) -> None:
    hour = floor_hour(datetime.now(UTC)).isoformat()
    requests, _ = daemon.tick(json.dumps({"hour": hour, "spent": 1}))
    assert sum((last - first) // HOUR + 1 for first, last in map(asked_hours, requests)) == 2
    requests, said = daemon.tick(json.dumps({"hour": hour, "spent": 3}))
    assert (requests, "this hour's share was asked for" in said) == ([], True)


def test_a_metric_whose_expression_changed_is_collected_again_and_no_other(
    daemon: Daemon, copied: Demo, day: tuple[datetime, datetime], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "metrics"
    own.mkdir()
    shipped = yaml.safe_load((Path(__file__).parents[2] / "metrics" / "node.yaml").read_text(encoding="utf-8"))
    (entry,) = (one for one in shipped["metrics"] if one["name"] == "node_memory_used")
    entry["expr"] = entry["expr"].replace("MemAvailable", "MemFree")
    (own / "node.yaml").write_text(yaml.safe_dump({"domain": "node", "metrics": [entry]}))
    monkeypatch.setenv("OCPPERF_METRICS", str(own))
    monkeypatch.setenv("OCPPERF_HOME", str(copied.home.root))
    before = copied.fingerprint("raw_etcd")
    publish_catalogue(daemon, day)
    (request, *_), _ = daemon.tick()
    assert asked_metrics(request) == {"node_memory_used"}
    assert asked_hours(request)[0] == day[0] + HOUR
    daemon.execute(request)
    hashes = copied.rows(
        "select hour, expr_hash from raw_extraction where metric = 'node_memory_used' order by hour limit 6"
    )
    assert len({known for _, known in hashes[:4]}) == 1
    assert len({known for _, known in hashes}) == 2
    assert copied.fingerprint("raw_etcd") == before


def publish_catalogue(daemon: Daemon, day: tuple[datetime, datetime]) -> None:
    """The first hour collected by the schedule's kind of run: from then on the warehouse knows the new catalogue."""
    key = f"demo|{day[0]:%Y-%m-%d-%H:%M}"
    job = build_definitions(Settings()).resolve_job_def("collect")
    assert job.execute_in_process(
        instance=daemon.instance, partition_key=key, asset_selection=[dg.AssetKey(["raw", "node"])]
    ).success


def test_an_hour_that_failed_is_tried_again_and_given_up_after_some_attempts(
    daemon: Daemon, copied: Demo, day: tuple[datetime, datetime], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OCPPERF_HOME", str(copied.home.root))
    mark_failed(copied.home, day[0] + 2 * HOUR, attempts=12)
    mark_failed(copied.home, day[0] + 4 * HOUR, attempts=4)
    (request, *_), _ = daemon.tick()
    assert asked_hours(request) == (day[0] + 4 * HOUR, day[0] + 4 * HOUR)
    assert asked_metrics(request) == {"node_cpu_busy"}


def test_what_prometheus_forgot_is_unrecoverable_and_not_asked_for(
    daemon: Daemon, copied: Demo, day: tuple[datetime, datetime], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OCPPERF_HOME", str(copied.home.root))
    mark_failed(copied.home, day[0] + 2 * HOUR, attempts=4)
    copied.home.state.mkdir(exist_ok=True)
    reach = [{"cluster": "demo", "oldest": (day[0] + 6 * HOUR).isoformat(), "asked_at": datetime.now(UTC).isoformat()}]
    (copied.home.state / "reach.json").write_text(json.dumps(reach))
    requests, _ = daemon.tick()
    assert [one for one in requests if asked_hours(one)[0] < day[1]] == []
    publish_catalogue(daemon, (day[0] + 8 * HOUR, day[1]))
    lost = copied.rows("select metric, hour, reason from rpt_gap where state = 'unrecoverable'")
    assert lost == [("node_cpu_busy", (day[0] + 2 * HOUR).replace(tzinfo=None), "failed")]


def test_while_prometheus_is_away_the_tick_says_so_and_asks_for_nothing(
    daemon: Daemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OCPPERF_PROMETHEUS_URL", f"http://127.0.0.1:{free_port()}")
    monkeypatch.setenv("OCPPERF_PROMETHEUS_TIMEOUT", "2s")
    requests, said = daemon.tick()
    assert requests == []
    assert "demo: http://127.0.0.1" in said
    assert "Traceback" not in said


def test_the_doctor_tells_what_waits_and_what_nobody_can_collect_any_more(
    copied: Demo, day: tuple[datetime, datetime], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OCPPERF_HOME", str(copied.home.root))
    monkeypatch.setenv("OCPPERF_CLUSTER", "demo")
    mark_failed(copied.home, day[0] + 2 * HOUR, attempts=4)
    oldest = (day[0] + 3 * HOUR).timestamp()
    history = History(oldest, day[1].timestamp(), is_current=True, reaches_further=False)
    (lost,) = (line.sentence for line in of_memory(Settings(), history) if "unrecoverable" in line.sentence)
    assert lost.startswith("1 hour of 1 metric unrecoverable")
    mark_failed(copied.home, day[0] + 4 * HOUR, attempts=4)
    waiting = next(of_memory(Settings(), history)).sentence
    assert "not collected yet" in waiting
    assert "6 of them are collected an hour, oldest first" in waiting
