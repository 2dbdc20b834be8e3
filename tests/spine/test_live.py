"""A real etcd and a real node_exporter, scraped by a real Prometheus: what is collected is what Prometheus answers."""

import base64
import json
import subprocess
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from demo.prometheus import LocalPrometheus, free_port
from ocpperf_assets.catalogue import Catalogue
from ocpperf_mcp.contracts.children import die_with_parent
from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.warehouse import open_published
from tests.answers import asked, differences, stored
from tests.conftest import Demo, collect_here
from tests.wire import Wire, wire_to

STEP_S = 5
MINUTE_S = 60
DOMAINS = ("etcd", "node", "disk")
"""What these two exporters answer to."""
SETTLE_S = 35
"""Samples younger than half a minute are left for the next collection."""


@contextmanager
def running(command: Sequence[str]) -> Iterator[None]:
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, preexec_fn=die_with_parent()
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=20)


@contextmanager
def etcd(folder: Path) -> Iterator[str]:
    client, peer = (f"http://127.0.0.1:{free_port()}" for _ in range(2))
    urls = [f"--listen-client-urls={client}", f"--advertise-client-urls={client}", f"--listen-peer-urls={peer}"]
    cluster = [f"--initial-advertise-peer-urls={peer}", f"--initial-cluster=live={peer}", "--name=live"]
    with running(["etcd", f"--data-dir={folder}", *urls, *cluster]):
        yield client


@contextmanager
def node_exporter() -> Iterator[str]:
    address = f"127.0.0.1:{free_port()}"
    with running(["prometheus-node-exporter", f"--web.listen-address={address}"]):
        yield address


def put(client: str, key: str, value: str) -> None:
    """One write through etcd's JSON gateway."""
    body = {"key": base64.b64encode(key.encode()).decode(), "value": base64.b64encode(value.encode()).decode()}
    with urllib.request.urlopen(f"{client}/v3/kv/put", data=json.dumps(body).encode(), timeout=10) as answer:
        assert answer.status == 200


def scrape(job: str, target: str, **labels: str) -> dict[str, object]:
    static = [{"targets": [target], "labels": labels}]
    return {"job_name": job, "scrape_interval": "1s", "scrape_timeout": "1s", "static_configs": static}


@pytest.fixture(scope="module")
def wire(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wire]:
    """Prometheus after a minute of scraping a working etcd and this machine."""
    folder = tmp_path_factory.mktemp("live")
    with etcd(folder / "etcd") as client, node_exporter() as exporter:
        configs = [
            scrape("etcd", client.removeprefix("http://"), namespace="openshift-etcd", pod="etcd-live"),
            scrape("node-exporter", exporter, instance="live"),
        ]
        with LocalPrometheus(folder / "prometheus", scrape_configs=configs) as server, wire_to(server.url) as proxy:
            write_for(client, MINUTE_S)
            time.sleep(SETTLE_S)
            yield proxy


def write_for(client: str, seconds: float) -> None:
    end = time.monotonic() + seconds
    number = 0
    while time.monotonic() < end:
        try:
            put(client, f"key-{number % 50}", "x" * 500)
            number += 1
        except OSError:
            assert time.monotonic() < end - seconds / 2, "etcd did not start"
        time.sleep(0.02)
    assert number > 100


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return Home(tmp_path_factory.mktemp("live-home"))


def collect(home: Home, wire: Wire) -> None:
    settings = {"OCPPERF_HOME": str(home.root), "OCPPERF_PROMETHEUS_URL": wire.url, "OCPPERF_STEP": f"{STEP_S}s"}
    ended = collect_here(settings, "--last", "5m", *(word for domain in DOMAINS for word in ("--domain", domain)))
    assert ended.code == 0, ended.errors


@pytest.fixture(scope="module")
def first(home: Home, wire: Wire) -> Demo:
    """The warehouse after its first collection of the open hour, and what that collection asked."""
    collect(home, wire)
    return Demo(home.root.parent, subprocess.CompletedProcess([], 0), at=home)


LIVE = (
    "etcd_has_leader",
    "proposal_commit_rate",
    "disk_wal_fsync_duration_seconds_count_rate",
    "disk_wal_fsync_seconds_duration_p99",
    "etcd_db_physical_size",
    "node_cpu_usage",
    "node_cpu_busy",
    "node_memory_used",
    "disk_io_node_disk_throughput_write",
)


def asked_range(wire: Wire, query: str) -> tuple[datetime, datetime]:
    """First and last moment that were asked for, in one piece or in several."""
    forms = [one.form for one in wire.requests if one.form.get("query") == query and "start" in one.form]
    first, last = min(float(form["start"]) for form in forms), max(float(form["end"]) for form in forms)
    return datetime.fromtimestamp(first, UTC), datetime.fromtimestamp(last, UTC)


def test_what_is_collected_is_what_prometheus_answers(first: Demo, wire: Wire, catalogue: Catalogue) -> None:
    for name in LIVE:
        metric = catalogue.metric(name)
        start, end = asked_range(wire, metric.query)
        with open_published(first.home) as con:
            ours = stored(con, metric)
        assert sum(len(samples) for samples in ours.values()) >= 10, name
        assert differences(ours, asked(wire.upstream, metric.query, start, end, STEP_S)) == [], name


def test_the_open_hour_says_that_it_is_open(first: Demo) -> None:
    assert first.rows(
        "select distinct provisional from fct_metric_hourly where hour = (select max(hour) from raw_extraction)"
    ) == [(True,)]
    assert first.rows(
        "select count(*) > 0 from fct_metric_hourly where metric = 'proposal_commit_rate' and avg > 0"
    ) == [(True,)]


def test_the_open_hour_collected_again_asks_only_for_what_is_new(first: Demo, home: Home, wire: Wire) -> None:
    known = {
        str(query): float(str(until))
        for query, until in first.rows(
            "select query, max(epoch(collected_until)) from raw_extraction join dim_metric using (metric) "
            "where status = 'ok' group by all"
        )
    }
    before = first.rows("select metric, count(*) from raw_etcd group by all order by all")
    wire.requests.clear()
    collect(home, wire)
    again = {one.form["query"]: float(one.form["start"]) for one in wire.requests if "start" in one.form}
    opened = floor_hour_s(max(known.values()))
    assert len(known) >= len(LIVE)
    for query, until in known.items():
        if until > opened and query in again:
            assert again[query] >= until, query
    after = first.rows("select metric, count(*) from raw_etcd group by all order by all")
    assert [name for name, _ in after] == [name for name, _ in before]
    assert sum(int(str(count)) for _, count in after) > sum(int(str(count)) for _, count in before)
    assert first.rows("select count(*) - count(distinct (series_id, ts)) from raw_etcd") == [(0,)]


def floor_hour_s(moment: float) -> float:
    return moment // 3600 * 3600
