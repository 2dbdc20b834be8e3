"""The services of ocpperf themselves, started once: Dagster's webserver and daemon, the MCP server."""

import json
import subprocess
import urllib.request
from collections.abc import Iterator
from urllib.error import HTTPError

import psutil
import pytest

from ocpperf_assets.services.record import read_record
from tests.ocpperf_assets.services.conftest import Site, site_in, wait_until


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    yield from site_in(tmp_path_factory.mktemp("services"))


@pytest.fixture(scope="module")
def started(site: Site) -> "subprocess.CompletedProcess[str]":
    return site.command("up", "--detach", "--dagster-port", str(site.port), "--mcp-port", str(site.port + 1))


def rows(text: str) -> dict[str, str]:
    return {line[:18].strip(): line for line in text.splitlines()}


def test_up_returns_when_dagster_answers_with_our_assets(
    site: Site, started: "subprocess.CompletedProcess[str]"
) -> None:
    assert started.returncode == 0, started.stderr
    assert f"Dagster webserver: http://127.0.0.1:{site.port}\n" in started.stdout
    request = urllib.request.Request(
        f"http://127.0.0.1:{site.port}/graphql",
        data=json.dumps({"query": "{ assetNodes { assetKey { path } } }"}).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request) as answer:
        nodes = json.load(answer)["data"]["assetNodes"]
    assert {"assetKey": {"path": ["published"]}} in nodes


def test_the_mcp_server_runs_and_says_that_there_is_no_warehouse_yet(
    site: Site, started: "subprocess.CompletedProcess[str]"
) -> None:
    assert f"MCP server: http://127.0.0.1:{site.port + 1}\n" in started.stdout
    with pytest.raises(HTTPError) as answer:
        urllib.request.urlopen(f"http://127.0.0.1:{site.port + 1}/health")
    assert (answer.value.code, json.load(answer.value)["status"]) == (503, "unreadable")


def test_status_names_every_service_with_its_process_and_health(
    site: Site, started: "subprocess.CompletedProcess[str]"
) -> None:
    assert started.returncode == 0, started.stderr
    status = site.command("status")
    assert status.returncode == 0, status.stdout
    record = read_record(site.home)
    assert record
    for title, name in (("Dagster webserver", "webserver"), ("Dagster daemon", "daemon"), ("MCP server", "mcp")):
        cells = rows(status.stdout)[title].split()
        assert str(record.services[name].pid) in cells
        assert cells[-1] == "well"
    assert "Nothing has been published" in status.stdout


def test_killing_up_takes_every_process_of_dagster_with_it(
    site: Site, started: "subprocess.CompletedProcess[str]"
) -> None:
    assert started.returncode == 0, started.stderr
    record = read_record(site.home)
    assert record
    services = {known.pid for known in (record.up, *record.keepers.values(), *record.services.values())}
    assert {process.pid for process in site.living()} > services, "Dagster starts processes of its own"
    psutil.Process(record.up.pid).kill()
    wait_until(lambda: not site.living())
    status = site.command("status")
    assert status.returncode == 3
    assert "not running" in rows(status.stdout)["Dagster daemon"]
