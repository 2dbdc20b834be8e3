"""Materializing through Dagster itself: `dg launch` from the shell, and a run launched as the UI launches it."""

import json
import os
import signal
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from demo.prometheus import LocalPrometheus, free_port
from tests.conftest import OCPPERF, Demo

ROOT = Path(__file__).parents[2]
BIN = Path(OCPPERF).parent


def hours(demo: Demo, *ago: int) -> list[str]:
    """Partition keys of the hours that many before the newest."""
    ((newest,),) = demo.rows("select max(epoch(hour))::bigint from raw_extraction")
    moments = [time.gmtime(int(str(newest)) - 3600 * hour) for hour in ago]
    return [f"demo|{time.strftime('%Y-%m-%d-%H:%M', moment)}" for moment in moments]


def launch(demo: Demo, url: str, *options: str) -> str:
    done = subprocess.run(
        [str(BIN / "dg"), "launch", *options],
        cwd=ROOT,
        env=demo.environment(url),
        capture_output=True,
        text=True,
        timeout=170,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def collected_since(demo: Demo, version: object) -> list[tuple[object, ...]]:
    return demo.rows(
        "select distinct window_start, window_end from raw_publication "
        "where table_name = 'raw_etcd' and version > $version order by all",
        {"version": version},
    )


def published_version(demo: Demo) -> object:
    return demo.rows("select max(version) from raw_publication")[0][0]


def test_one_partition_of_one_domain_is_collected_and_published(copied: Demo, prometheus: LocalPrometheus) -> None:
    before, facts = published_version(copied), copied.fingerprint("fct_metric_hourly")
    launch(copied, prometheus.url, "--assets", "raw/etcd", "--partition", hours(copied, 3)[0])
    assert len(collected_since(copied, before)) == 1
    assert copied.fingerprint("fct_metric_hourly") == facts


def test_a_range_of_partitions_is_one_run(copied: Demo, prometheus: LocalPrometheus) -> None:
    ((began,),) = copied.rows("select min(hour) from fct_metric_hourly")
    collected = f"(from fct_metric_hourly where hour >= '{began}')"
    before, facts = published_version(copied), copied.fingerprint(collected)
    first, last = hours(copied, 3, 0)
    launch(copied, prometheus.url, "--assets", "not group:reports", "--partition-range", f"{first}...{last}")
    assert published_version(copied) == int(str(before)) + 1
    ((start, end),) = collected_since(copied, before)
    assert isinstance(start, datetime)
    assert isinstance(end, datetime)
    assert end - start == timedelta(hours=4)
    assert copied.fingerprint(collected) == facts


def test_dagster_finds_the_definitions_sound(copied: Demo) -> None:
    done = subprocess.run(
        [str(BIN / "dg"), "check", "defs"],
        cwd=ROOT,
        env=copied.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "All definitions loaded successfully" in done.stdout + done.stderr


@contextmanager
def dagster_dev(demo: Demo, url: str) -> Iterator[str]:
    """`dg dev` in the repository's root, as README has it: the UI, and the daemon that starts queued runs."""
    port = free_port()
    process = subprocess.Popen(
        [str(BIN / "dg"), "dev", "--port", str(port)],
        cwd=ROOT,
        env=demo.environment(url),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for(lambda: answers(f"{address}/server_info"))
        yield address
    finally:
        os.killpg(process.pid, signal.SIGINT)
        try:
            process.wait(timeout=30)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def wait_for(happened: Any, seconds: float = 240) -> None:
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.2)


def ask(address: str, query: str, **variables: Any) -> Any:
    body = json.dumps({"query": query, "variables": variables}).encode()
    request = urllib.request.Request(f"{address}/graphql", data=body, headers={"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)["data"]


LAUNCH = """
mutation ($parameters: ExecutionParams!) {
  launchPipelineExecution(executionParams: $parameters) {
    __typename ... on LaunchRunSuccess { run { runId } } ... on PythonError { message }
  }
}
"""
REPOSITORIES = "{ repositoriesOrError { ... on RepositoryConnection { nodes { name location { name } } } } }"
BACKFILL = """
mutation ($parameters: LaunchBackfillParams!) {
  launchPartitionBackfill(backfillParams: $parameters) {
    __typename ... on LaunchBackfillSuccess { backfillId } ... on PythonError { message }
  }
}
"""
BACKFILLED = """
query ($id: String!) {
  partitionBackfillOrError(backfillId: $id) { ... on PartitionBackfill { status runs(limit: 100) { id status } } }
}
"""
STATUS = "query ($run: ID!) { runOrError(runId: $run) { ... on Run { status } } }"
ASSETS = """
{ assetNodes {
  assetKey { path } description isPartitioned isMaterializable dependencyKeys { path }
  assetMaterializations(limit: 1) { metadataEntries { label ... on IntMetadataEntry { intValue } } }
} }
"""

CHECKS = """
{ assetNodes { assetKey { path } assetChecksOrError { ... on AssetChecks { checks {
  name executionForLatestMaterialization { status evaluation {
    severity description metadataEntries { label ... on TextMetadataEntry { text } }
  } }
} } } } }
"""


# Dagster starts five processes here, and a busy machine of two cores takes its time over each.
@pytest.mark.timeout(420)
def test_the_ui_shows_the_graph_and_materializes_a_partition_and_a_range(
    copied: Demo, prometheus: LocalPrometheus
) -> None:
    before = published_version(copied)
    with dagster_dev(copied, prometheus.url) as address:
        nodes = {"/".join(node["assetKey"]["path"]): node for node in ask(address, ASSETS)["assetNodes"]}
        assert all(node["isPartitioned"] and node["description"] for node in nodes.values())
        assert {"path": ["fct", "fct_bottleneck"]} in nodes["rpt/rpt_findings"]["dependencyKeys"]
        rows = {
            name: {entry["label"]: entry.get("intValue") for entry in made["metadataEntries"]}
            for name, node in nodes.items()
            for made in node["assetMaterializations"]
        }
        assert 1_000 < rows["raw/etcd"]["dagster/row_count"] < 60_000, "the samples of one hour"
        assert 50 < rows["fct/fct_metric_hourly"]["dagster/row_count"] < 20_000
        counted = {name for name, told in rows.items() if "dagster/row_count" in told}
        runnable = {name for name, node in nodes.items() if node["isMaterializable"]}
        # The demo has no Kubernetes API, and a report has no rows.
        assert counted == runnable - {"published", "raw/inventory", "report/executive_report"}
        the_planted_fault_is_a_failed_check(copied, address)
        materialize_partition(address, hours(copied, 1)[0])
        assert len(collected_since(copied, before)) == 1
        assert nodes["raw/etcd"]["isMaterializable"]
        runs = backfill(address, ["raw/etcd"], hours(copied, *range(12)))
    assert runs == ["SUCCESS"], "twelve hours are one run"
    assert published_version(copied) == int(str(before)) + 2


def the_planted_fault_is_a_failed_check(demo: Demo, address: str) -> None:
    """The rule that found the slow disk is an error on its domain, with the finding's id; its neighbours are silent."""
    ((finding,),) = demo.rows("select finding_id from rpt_findings where rule = 'etcd-wal-fsync-slow'")
    (checks,) = [
        {check["name"]: check["executionForLatestMaterialization"] for check in node["assetChecksOrError"]["checks"]}
        for node in ask(address, CHECKS)["assetNodes"]
        if node["assetKey"]["path"] == ["raw", "etcd"]
    ]
    fired, silent = checks["rule_etcd_wal_fsync_slow"], checks["rule_etcd_no_leader"]
    told = {entry["label"]: entry.get("text") for entry in fired["evaluation"]["metadataEntries"]}
    assert (fired["status"], fired["evaluation"]["severity"]) == ("FAILED", "ERROR")
    assert told["entities"] == f"master-1 (critical, {finding})"
    assert silent["status"] == "SUCCEEDED"
    assert silent["evaluation"]["description"] == "Silent in all 24 hours, every one of them judged."


def materialize_partition(address: str, key: str) -> None:
    """As the button of the collect job does."""
    cluster, hour = key.split("|")
    tags = {"dagster/partition": key, "dagster/partition/cluster": cluster, "dagster/partition/hour": hour}
    launched = ask(address, LAUNCH, parameters=parameters(address, tags))["launchPipelineExecution"]
    assert launched["__typename"] == "LaunchRunSuccess", launched
    run = launched["run"]["runId"]
    ended = ("SUCCESS", "FAILURE", "CANCELED")
    wait_for(lambda: ask(address, STATUS, run=run)["runOrError"]["status"] in ended)
    assert ask(address, STATUS, run=run)["runOrError"]["status"] == "SUCCESS"


def backfill(address: str, assets: list[str], keys: list[str]) -> list[str]:
    """As the dialog of the lineage page does; answers with the states of its runs once it has ended."""
    selection = [{"path": name.split("/")} for name in assets]
    chosen = {"assetSelection": selection, "partitionNames": keys, "allPartitions": False, "tags": []}
    launched = ask(address, BACKFILL, parameters=chosen)["launchPartitionBackfill"]
    assert launched["__typename"] == "LaunchBackfillSuccess", launched

    def state() -> Any:
        return ask(address, BACKFILLED, id=launched["backfillId"])["partitionBackfillOrError"]

    wait_for(lambda: state()["status"] in ("COMPLETED_SUCCESS", "COMPLETED_FAILED", "FAILED", "CANCELED"))
    return [run["status"] for run in state()["runs"]]


def parameters(address: str, tags: dict[str, str]) -> dict[str, Any]:
    """What the UI sends; `dg dev` names the code location after the folder."""
    ((repository,),) = [ask(address, REPOSITORIES)["repositoriesOrError"]["nodes"]]
    location = {"repositoryLocationName": repository["location"]["name"], "repositoryName": repository["name"]}
    return {
        "mode": "default",
        "runConfigData": {},
        "selector": {**location, "pipelineName": "collect"},
        "executionMetadata": {"tags": [{"key": key, "value": value} for key, value in tags.items()]},
    }
