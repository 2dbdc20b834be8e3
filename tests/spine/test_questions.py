"""The nine questions of docs/questions.md, asked over HTTP as they stand there, and what the demo's day must answer."""

import asyncio
import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastmcp import Client

from demo.exporters.cluster_version import AGE_DAYS, OPERATORS, VERSION
from demo.prometheus import LocalPrometheus
from demo.scenario import Growth, Scenario, named_scenarios
from ocpperf_mcp.report.as_json import read_json
from tests.answers import asked
from tests.conftest import Demo, run_here
from tests.ocpperf_mcp.serving.running import Server, serving
from tests.ocpperf_mcp.tools.asking import Answer, rows_of

PAGE = Path(__file__).parents[2] / "docs" / "questions.md"
MASTERS = {"master-0", "master-1", "master-2"}
Answers = list[Answer]
Rows = Mapping[tuple[str, ...], Mapping[str, Any]]


def calls() -> dict[int, list[dict[str, Any]]]:
    """The calls of each question, by its number."""
    parts = re.split(r"^## (\d+)\. ", PAGE.read_text(encoding="utf-8"), flags=re.M)[1:]
    blocks = (re.findall(r"```json\n(.*?)```", text, re.S) for text in parts[1::2])
    return {
        int(number): [json.loads(line) for block in found for line in block.splitlines()]
        for number, found in zip(parts[::2], blocks, strict=True)
    }


@pytest.fixture(scope="module")
def server(faulty: Demo) -> Iterator[Server]:
    with serving(faulty.home, OCPPERF_CLUSTER="demo") as running:
        yield running


@pytest.fixture(scope="module")
def answers(server: Server) -> dict[int, Answers]:
    """Of each question, in the order of its calls."""

    async def ask() -> dict[int, Answers]:
        async with Client(server.address) as client:
            return {number: [await answered(client, **one) for one in those] for number, those in calls().items()}

    return asyncio.run(ask())


async def answered(client: Client[Any], tool: str, arguments: dict[str, Any]) -> Answer:
    content = (await client.call_tool(tool, arguments)).structured_content
    assert isinstance(content, dict)
    return content


def by(answer: Answer, table: str, *keys: str) -> Rows:
    """Rows under the values of some of their columns."""
    return {tuple(str(row[key]) for key in keys): row for row in rows_of(answer, table)}


def window_of(answer: Answer) -> tuple[datetime, datetime]:
    start, _, end = str(answer["asked"]).partition("/")
    return datetime.fromisoformat(start), datetime.fromisoformat(end)


def planted(name: str) -> Scenario:
    (scenario,) = named_scenarios([name])
    return scenario


def test_every_question_has_calls() -> None:
    assert [bool(those) for those in calls().values()] == [True] * 9


def test_1_version_size_operators_and_a_quorum_that_can_lose_a_member(
    answers: dict[int, Answers], day: tuple[datetime, datetime]
) -> None:
    cluster, etcd = answers[1]
    facts = {row["field"]: row["value"] for row in rows_of(cluster, "facts")}
    assert facts["version"] == VERSION
    made = datetime.fromisoformat(f"{facts['installed_at']}+00:00") + timedelta(days=AGE_DAYS["cluster"])
    assert abs(made - day[0]) < timedelta(hours=1)
    assert facts["nodes"] == "3 control-plane, 2 infra, 4 worker"
    assert (facts["operators"], facts["operators_not_well"]) == (str(len(OPERATORS)), "none")
    assert any("Kubernetes API" in note for note in cluster["notes"]), "what only the API knows is said to be unknown"
    (whole,) = rows_of(etcd, "etcd")
    assert (whole["state"], whole["members_healthy"], whole["members_expected"]) == ("healthy", 3, 3)
    assert whole["leader"] in MASTERS
    assert {row["member"]: row["state"] for row in rows_of(etcd, "members")} == dict.fromkeys(MASTERS, "healthy")


def test_2_load_of_each_member_and_when_the_growing_database_would_be_full(answers: dict[int, Answers]) -> None:
    (answer,) = answers[2]
    rows = by(answer, "metrics", "metric", "entity")
    for member in MASTERS:
        size, used = (rows[f"etcd_db_{what}_size", member]["last"] for what in ("physical", "logical"))
        assert 1 - used / size == pytest.approx(rows["db_fragmentation_ratio", member]["last"], abs=2e-3)
        assert rows["etcd_db_space_used_percent", member]["last"] == pytest.approx(size / 8 / 1024**3, rel=1e-3)
        assert rows["etcd_pods_cpu_usage", member]["avg"] > 0
        assert rows["etcd_pods_memory_usage", member]["avg"] > 0
        assert rows["proposal_failure_rate", member]["max"] == 0
    growth = planted("etcd-growth")
    assert isinstance(growth.disturbs, Growth)
    _, end = window_of(answer)
    filling = [row for row in rows_of(answer, "capacity") if row["metric"] == "etcd_db_space_used_percent"]
    assert {(row["entity"], row["verdict"]) for row in filling} == {(member, "filling") for member in MASTERS}
    for row in filling:
        soonest, latest = (datetime.fromisoformat(row[name]) for name in ("full_from", "full_by"))
        assert end < soonest <= latest < end + timedelta(minutes=100)
        # What is left at the end of the fault, at the pace at which it grew from its beginning.
        left = (1 - growth.disturbs.grows_to) / row["growth_per_day"]
        assert abs(soonest - (end + timedelta(days=left))) < timedelta(minutes=15)


def test_3_modes_of_cpu_add_up_and_waiting_for_the_disk_stands_out(answers: dict[int, Answers]) -> None:
    usage, modes, pods, network, tcp = answers[3]
    levels = by(usage, "metrics", "metric", "entity", "part")
    by_mode = by(modes, "metrics", "entity", "part")
    for node in MASTERS:
        shares = {part.removeprefix("mode="): row["avg"] for (entity, part), row in by_mode.items() if entity == node}
        assert sum(shares.values()) == pytest.approx(1, abs=2e-3)
        busy = levels["node_cpu_busy", node, ""]["avg"]
        assert 1 - shares["idle"] - shares["iowait"] == pytest.approx(busy, abs=2e-3)
        assert levels["node_memory_used_ratio", node, ""]["status"] == "met"
    waiting = by_mode["master-1", "mode=iowait"]
    assert waiting["avg"] > 3 * waiting["before"]
    assert all(waiting["avg"] > 3 * by_mode[node, "mode=iowait"]["avg"] for node in MASTERS - {"master-1"})
    namespaces = {(row["node"], row["namespace"]) for row in rows_of(pods, "rows")}
    assert {(node, "openshift-etcd") for node in MASTERS} <= namespaces
    assert {(node, "openshift-kube-apiserver") for node in MASTERS} <= namespaces
    traffic = by(network, "metrics", "metric", "entity")
    connections = by(tcp, "metrics", "metric", "entity")
    for node in MASTERS:
        assert traffic["network_io_node_network_rx_utilization", f"{node}/ens192"]["avg"] > 0
        assert connections["node_netstat_Tcp_CurrEstab", node]["avg"] > 0
    load = [row for row in rows_of(usage, "capacity") if row["metric"] in ("node_cpu_busy", "node_memory_used_ratio")]
    assert {row["verdict"] for row in load} == {"not judged: under eight days"}
    assert {row["full_from"] for row in load} == {None}


FSYNC = "sum_over_time((sum by (pod, le) (increase(etcd_disk_wal_fsync_duration_seconds_bucket[5m])))[49m:5m])"
"""Ten times five minutes, which end with the fault."""


def test_4_quantiles_are_those_of_prometheus_and_only_the_slow_disk_misses(
    answers: dict[int, Answers], prometheus: LocalPrometheus
) -> None:
    (answer,) = answers[4]
    rows = by(answer, "latencies", "metric", "entity")
    _, end = window_of(answer)
    for quantile, column in ((0.5, "p50"), (0.9, "p90"), (0.99, "p99")):
        theirs = asked(prometheus.url, f"histogram_quantile({quantile}, {FSYNC})", end, end, 60)
        for labels, samples in theirs.items():
            member = dict(labels)["pod"].removeprefix("etcd-")
            row = rows["disk_wal_fsync_seconds_duration_p99", member]
            assert row[column] == pytest.approx(next(iter(samples.values())), rel=1e-3), (member, column)
        assert len(theirs) == 3
    slow = rows["disk_wal_fsync_seconds_duration_p99", "master-1"]
    assert slow["status"] == "missed"
    assert slow["p50"] < slow["p90"] < slow["p99"] <= slow["worst_5m"]
    assert slow["slow_share"][0] > 0.99
    for member in MASTERS - {"master-1"}:
        row = rows["disk_wal_fsync_seconds_duration_p99", member]
        assert row["status"] in ("met", "possible")
        assert row["slow_share"][1] < 0.05


def test_5_slow_commits_have_a_cause_a_way_to_tell_it_and_actions_with_risks(answers: dict[int, Answers]) -> None:
    commits, verdicts = answers[5]
    rows = by(commits, "latencies", "metric", "entity")
    assert {
        member: rows["disk_backend_commit_duration_seconds_p99", member]["status"] == "missed" for member in MASTERS
    } == {"master-0": False, "master-1": True, "master-2": False}
    (finding,) = (one for one in verdicts["findings"] if one["rule"] == "etcd-backend-commit-slow")
    assert (finding["entity"], finding["certainty"], finding["evidence"]["limit"]) == ("master-1", "certain", 0.5)
    (cause,) = finding["causes"]
    assert cause["title"] == "a slow disk under etcd"
    assert cause["check_tells"]
    assert len(finding["actions"]) >= 2
    assert all(action["precondition"] and action["risk"] for action in finding["actions"])


def test_6_the_slow_disk_is_busy_with_a_tenth_of_its_writes(answers: dict[int, Answers]) -> None:
    (answer,) = answers[6]
    rows = by(answer, "metrics", "metric", "entity")
    slow = {metric: row for (metric, entity), row in rows.items() if entity == "master-1/nvme0n1"}
    assert slow["disk_io_node_disk_io_time_seconds"]["avg"] > 0.9
    assert slow["disk_io_node_disk_iops_write"]["avg"] < 0.15 * slow["disk_io_node_disk_iops_write"]["before"]
    assert (
        slow["disk_io_node_disk_throughput_write"]["avg"] < 0.15 * slow["disk_io_node_disk_throughput_write"]["before"]
    )
    assert 60 < slow["disk_io_node_disk_await"]["avg"] / slow["disk_io_node_disk_await"]["before"] < 200
    assert slow["disk_io_node_disk_queue"]["avg"] > 4 * slow["disk_io_node_disk_queue"]["before"]
    for node in MASTERS - {"master-1"}:
        other = rows["disk_io_node_disk_await", f"{node}/nvme0n1"]
        assert other["avg"] < 2 * other["before"]
        assert rows["disk_io_node_disk_io_time_seconds", f"{node}/nvme0n1"]["avg"] < 0.5


def test_7_round_trips_and_links_are_in_order_while_the_disk_is_slow_and_not_when_a_backup_fills_one(
    answers: dict[int, Answers],
) -> None:
    etcd, links, silent, filled = answers[7]
    pairs = by(etcd, "peers", "member", "peer")
    assert set(pairs) == {(one, other) for one in MASTERS for other in MASTERS - {one}}
    assert {row["status"] for row in pairs.values()} == {"met"}
    rows = by(links, "metrics", "metric", "entity")
    for node in MASTERS:
        assert rows["network_io_node_saturation_rx", f"{node}/ens192"]["max"] < 0.2
        assert rows["network_io_node_rx_drop_ratio", f"{node}/ens192"]["status"] == "met"
    assert silent.get("findings", []) == []
    assert silent["notes"] == ["No rule fired, and every rule was judged in every hour."]
    assert {(one["rule"], one["entity"]) for one in filled["findings"]} == {
        ("net-device-drops", "worker-0/ens192"), ("net-sent-drops", "worker-0/ens192"),
    }  # fmt: skip


def test_8_the_verdicts_share_one_cause_and_are_each_other_s_evidence(answers: dict[int, Answers]) -> None:
    drive, verdicts = answers[8]
    worse = [row for row in rows_of(drive, "levels") if row["change"] == "worse"]
    assert rows_of(drive, "levels")[: len(worse)] == worse, "what got worse comes first"
    assert {row["entity"].partition("/")[0] for row in worse[:7]} == {"master-1"}
    found = {one["rule"]: one for one in verdicts["findings"]}
    assert set(found) == {"etcd-wal-fsync-slow", "etcd-backend-commit-slow", "etcd-apply-slow"}
    for rule, one in found.items():
        assert one["entity"] == "master-1"
        (cause, *_) = one["causes"]
        assert cause["title"] == "a slow disk under etcd"
        assert cause["check_command"] == "oc debug node/master-1 -- chroot /host iostat -dxy 5 3"
        assert any(other in cause["statement"] for other in set(found) - {rule})


def test_9_the_report_has_what_an_executive_asks_and_all_of_it_holds(
    answers: dict[int, Answers], faulty: Demo, tmp_path: Path
) -> None:
    (answer,) = answers[9]
    for rule in ("WAL fsync P99 of member master-1", "Backend commit P99 of member master-1", "towards its quota"):
        assert rule in answer["text"]
    written = {form: tmp_path / f"etcd.{form}" for form in ("html", "json")}
    for form, out in written.items():
        ended = run_here(
            faulty.environment(), "report", "--analyzer", "etcd", "--last", "24h", "--format", form, "--out", str(out)
        )
        assert (ended.code, ended.output) == (0, "")
    report = read_json(written["json"].read_text(encoding="utf-8"), "etcd.json")
    assert report.state == "critical"
    assert [one.about for one in report.summary] == sorted(
        (one.about for one in report.summary),
        key=["state", "worst", "changed", "cause", "action", "certainty"].index,
    )
    sections = {section.key: section for section in report.sections}
    assert [table.title.partition(":")[0] for table in sections["roadmap"].tables] == [
        "At once", "Within days", "Within months",
    ]  # fmt: skip
    assert "etcd_db_space_used_percent" in {claim.metric for claim in report.claims if claim.relation == "rpt_capacity"}
    page = written["html"].read_text(encoding="utf-8")
    for heading in ("What to do", "What is left", "Where the numbers come from"):
        assert f">{heading}" in page
    assert run_here(faulty.environment(), "verify", str(written["json"])).code == 0
