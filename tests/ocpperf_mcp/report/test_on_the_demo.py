"""A report of a simulated day: the planted faults are in it, and all of it holds."""

from pathlib import Path

import pytest

from ocpperf_mcp.extent import data_range
from ocpperf_mcp.report.as_json import read_json
from ocpperf_mcp.report.asked import Asked
from ocpperf_mcp.report.gather import gather
from ocpperf_mcp.report.model import Report
from ocpperf_mcp.report.reading import span
from ocpperf_mcp.state.runs import windows_by_name
from ocpperf_mcp.warehouse import open_published
from tests.conftest import Demo, run_here


@pytest.fixture(scope="module")
def day(faulty: Demo) -> Report:
    with open_published(faulty.home) as con:
        return gather(con, Asked("demo", span(data_range(con, "demo"))))


def test_the_worst_fault_is_told_first_with_its_cause_and_what_to_do(day: Report) -> None:
    assert day.state == "critical"
    worst = next(one for one in day.summary if one.about == "worst")
    assert worst.text.startswith("Critical: WAL fsync P99 of member master-1 was over its limit of 1 s")
    cause = next(one for one in day.summary if one.about == "cause")
    assert "a slow disk under etcd" in cause.text
    assert [one.about for one in day.summary][-2:] == ["action", "certainty"]


def test_every_finding_of_the_warehouse_is_in_it_with_a_chart(day: Report, faulty: Demo) -> None:
    assert {finding.finding_id for finding in day.findings} == {
        row[0] for row in faulty.rows("select finding_id from rpt_findings")
    }
    assert {one for chart in day.charts for one in chart.findings} == {one.finding_id for one in day.findings}


def test_all_parts_of_the_cluster_have_a_section(day: Report) -> None:
    assert [section.key for section in day.sections] == [
        "roadmap", "objectives", "capacity", "alerts", "etcd", "nodes", "pods", "network", "ovnk", "api", "cluster",
        "missing",
    ]  # fmt: skip


def test_a_database_that_grows_is_told_when_it_is_full_and_a_day_s_load_is_not_judged(faulty: Demo) -> None:
    run = windows_by_name(faulty.home)["etcd-growth"]
    with open_published(faulty.home) as con:
        report = gather(con, Asked("demo", span(run)))
    (section,) = (one for one in report.sections if one.key == "capacity")
    (table,) = section.tables
    told = [dict(zip([column.key for column in table.columns], row, strict=True)) for row in table.rows]
    filling = [row for row in told if row["verdict"].text == "filling"]
    assert {row["thing"].text for row in filling} == {"master-0", "master-1", "master-2"}
    for row in filling:
        assert (row["full_from"].moment or run.end) > run.end
        assert {row[key].claim for key in ("used", "left", "growth")} <= {claim.claim_id for claim in report.claims}
    load = [row for row in told if row["metric"].text in ("Node CPU busy", "Share of memory used")]
    assert {(row["verdict"].text, row["growth"].text) for row in load} == {("not judged: under eight days", "")}


def test_half_a_day_against_the_other_half_is_written_and_holds(faulty: Demo, tmp_path: Path) -> None:
    out = tmp_path / "report.json"
    written = run_here(faulty.environment(), "report", "--last", "12h", "--format", "json", "--out", str(out))
    assert written.code == 0
    report = read_json(out.read_text(encoding="utf-8"), out.name)
    assert report.against is not None
    assert [section.key for section in report.sections][:3] == ["roadmap", "objectives", "changes"]
    verified = run_here(faulty.environment(), "verify", str(out))
    assert (verified.code, verified.output) == (0, f"{len(report.claims)} of {len(report.claims)} claims hold.\n")
