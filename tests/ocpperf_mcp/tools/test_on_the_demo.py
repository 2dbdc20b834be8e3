"""Every tool on a simulated day with planted faults: it answers, within its tokens, what no other tool answers."""

from collections import defaultdict
from itertools import combinations
from typing import Any

import pytest
from fastmcp import Client

from ocpperf_mcp.contracts.windows import parse_moment
from ocpperf_mcp.server import specs
from ocpperf_mcp.tools.page import BUDGET, dumped
from ocpperf_mcp.tools.question import naive as without_zone
from ocpperf_mcp.tools.tokens import tokens
from ocpperf_mcp.warehouse import open_published
from tests.conftest import Demo
from tests.ocpperf_mcp.tools.asking import Answer, ask, rows_of, with_client

NEEDED = {
    "query_metric": {"metric": "disk_wal_fsync_seconds"},
    "run_sql": {"sql": "select rule, severity from rpt_findings order by all"},
}
"""Parameters without which a tool says nothing."""


@pytest.fixture(scope="module")
def answers(faulty: Demo) -> dict[str, Answer]:
    """What each tool answers when asked nothing in particular."""

    async def act(client: Client[Any]) -> dict[str, Answer]:
        found = {}
        for spec in specs():
            found[spec.name] = (await client.call_tool(spec.name, NEEDED.get(spec.name, {}))).structured_content or {}
        return found

    return with_client(faulty.home, act)


@pytest.mark.parametrize("name", [spec.name for spec in specs()])
def test_it_answers_within_its_tokens(answers: dict[str, Answer], name: str) -> None:
    answer = answers[name]
    assert answer.get("tables") or answer.get("findings") or answer.get("text")
    assert answer.get("data_as_of") or set(answer["tables"]) <= {"catalogue", "relations", "rows"}
    assert tokens(dumped(answer)) <= BUDGET


MEANS = """
select series.metric, series.entity, thing.part, series.entity_kind, avg(sample.value), max(sample.value)
from raw_sample as sample
join raw_series as series using (cluster, metric, series_id)
join dim_series as thing using (cluster, series_id)
where sample.ts >= $start and sample.ts < $end and list_contains($names, sample.metric)
group by all
"""


@pytest.mark.parametrize("name", [spec.name for spec in specs()])
def test_its_numbers_are_those_of_the_samples(faulty: Demo, answers: dict[str, Answer], name: str) -> None:
    """Means and maxima of every thing in its table of metrics, from the samples themselves."""
    answer = answers[name]
    if "metrics" not in answer.get("tables", {}):
        return
    start, _, end = str(answer.get("answered", answer["asked"])).partition("/")
    shown = [row for row in rows_of(answer, "metrics") if row["avg"] is not None]
    with open_published(faulty.home) as con:
        window = {
            "start": without_zone(parse_moment(start)),
            "end": without_zone(parse_moment(end)),
            "names": [row["metric"] for row in shown],
        }
        rows = con.execute(MEANS, window).fetchall()
    # A node's static pods and those of its daemonsets are two kinds of things under the node's name.
    computed = defaultdict(list)
    for metric, entity, part, _, *numbers in rows:
        computed[metric, entity, part].append(pytest.approx(numbers, rel=5e-4))
    for row in shown:
        assert [row["avg"], row["max"]] in computed[row["metric"], row["entity"], row["part"]], row


def test_no_two_tools_answer_the_same(answers: dict[str, Answer]) -> None:
    said = {
        name: {part: answer.get(part) for part in ("tables", "findings", "text")} for name, answer in answers.items()
    }
    assert [(one, other) for one, other in combinations(said, 2) if said[one] == said[other]] == []


def test_the_slow_disk_is_the_first_thing_that_etcd_is_told_of(answers: dict[str, Answer]) -> None:
    first = answers["get_etcd_bottleneck_analysis"]["findings"][0]
    assert (first["severity"], first["rule"], first["node"]) == ("critical", "etcd-wal-fsync-slow", "master-1")
    assert first["evidence"]["metric"] == "disk_wal_fsync_seconds"
    assert first["causes"]
    assert first["actions"]


def test_every_finding_is_on_the_pages_of_its_analyzer(faulty: Demo, answers: dict[str, Answer]) -> None:
    ids = {row[0] for row in faulty.rows("select finding_id from rpt_findings")}
    assert {row["finding_id"] for row in rows_of(answers["get_findings"], "fired")} == ids
    shown: set[str] = set()
    for analyzer in ("etcd", "network", "ovnk"):
        answer = ask(faulty.home, f"get_{analyzer}_bottleneck_analysis", limit=500)
        shown |= {finding["finding_id"] for finding in answer["findings"]}
    assert shown == ids


def test_a_finding_by_its_id_has_its_evidence(faulty: Demo, answers: dict[str, Answer]) -> None:
    for row in rows_of(answers["get_findings"], "fired"):
        (finding,) = ask(faulty.home, "get_findings", finding_id=row["finding_id"])["findings"]
        assert finding["evidence"]["limit"] == row["limit_value"]
        assert finding["evidence"]["samples"] > 0


def test_the_nodes_of_the_cluster_are_counted_and_named(faulty: Demo, answers: dict[str, Answer]) -> None:
    nodes = {row[0] for row in faulty.rows("select node from dim_node")}
    assert {row["node"] for row in rows_of(answers["get_ocp_cluster_info"], "nodes")} == nodes
    (cluster,) = rows_of(answers["list_clusters"], "clusters")
    assert sum(cluster["nodes"].values()) == len(nodes)


def test_the_report_names_every_finding_and_what_was_missed(answers: dict[str, Answer]) -> None:
    text = answers["generate_etcd_performance_report"]["text"]
    for finding in answers["get_etcd_bottleneck_analysis"]["findings"]:
        assert finding["finding_id"] in text
    assert "**missed**" in text
