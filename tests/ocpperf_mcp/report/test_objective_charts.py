"""That all is well can be seen too: charts of what came nearest its published objective."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import duckdb
import pytest

from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.report.asked import Asked
from ocpperf_mcp.report.gather import gather
from ocpperf_mcp.report.model import Chart, Report
from ocpperf_mcp.warehouse import open_published
from tests.ocpperf_mcp.report.conftest import FAULTY, hours
from tests.sql.folder_case import METRIC_DEFAULTS, Case, publish_case

TOOLS = {"etcd": "get_etcd_node_usage", "network": "query_network_io_metrics", "ovnk": "query_ovnk_ovs_metrics"}
WINDOW, BEFORE = hours(9, 10), hours(8, 9, "previous")
METRICS: dict[str, dict[str, Any]] = {
    **{
        f"{analyzer}_{percent}": {"objective_value": 100, "objective_tier": "T1", "tools": [tool]}
        for analyzer, tool in TOOLS.items()
        for percent in (20, 40, 60, 80, 90)
    },
    "shared_95": {"objective_value": 100, "objective_tier": "T1", "tools": list(TOOLS.values())},
    "link": {"objective_value": 1, "unit": "boolean", "better": "higher", "tools": [TOOLS["network"]]},
    "free": {"objective_value": 50, "objective_tier": "T2", "better": "higher", "tools": [TOOLS["ovnk"]]},
    "scarce": {"objective_value": 10, "objective_tier": "T1", "tools": [TOOLS["etcd"]]},
    "missed": {"objective_value": 10, "objective_tier": "T1", "tools": [TOOLS["etcd"]]},
    "unlimited": {"tools": [TOOLS["etcd"]]},
}


def series(metric: str, *levels: float) -> dict[str, dict[str, Any]]:
    """Of one node for each level, named after it."""
    return {
        f"{metric} {level}": {"metric": metric, "labels": {"instance": f"n{level}"}, "samples": f"{level}x120"}
        for level in levels
    }


WELL = Case(
    window=replace(WINDOW.window, start=BEFORE.start),
    now=WINDOW.end,
    metrics={name: {**METRIC_DEFAULTS, "title": name, **entry} for name, entry in METRICS.items()},
    series={
        # The number in a metric's name is the level of its highest node.
        **{
            key: entry
            for name in METRICS
            if name.rpartition("_")[2].isdigit()
            for key, entry in series(name, *(int(name.rpartition("_")[2]) - less for less in (0, 1, 2, 3))).items()
        },
        **series("link", 1),
        **series("free", 55, 90),
        **series("missed", 11),
        **series("unlimited", 5),
        "scarce": {"metric": "scarce", "labels": {"instance": "n9"}, "samples": "_x90 9x10 _x20"},
    },
)


@pytest.fixture(scope="module")
def well(tmp_path_factory: pytest.TempPathFactory) -> Report:
    home = publish_case(Home(tmp_path_factory.mktemp("well") / "home"), WELL)
    with open_published(home) as con:
        return gather(con, Asked("c1", WINDOW, BEFORE))


@pytest.fixture(scope="module")
def of_metric(well: Report) -> dict[str, Chart]:
    return {chart.metric: chart for chart in well.charts}


def metrics(charts: Sequence[Chart]) -> list[str]:
    return [chart.metric for chart in charts]


def test_of_each_analyzer_the_four_that_are_missed_or_nearest_their_limit_are_drawn(well: Report) -> None:
    assert metrics(well.charts) == [
        "missed", "shared_95", "etcd_90", "etcd_80",
        "network_90", "network_80", "network_60", "network_40",
        "free", "ovnk_90", "ovnk_80", "ovnk_60",
    ]  # fmt: skip


def test_a_metric_of_several_analyzers_is_drawn_once(well: Report) -> None:
    assert metrics(well.charts).count("shared_95") == 1


def test_what_could_not_be_judged_or_has_no_objective_is_not_drawn(of_metric: dict[str, Chart]) -> None:
    assert not {"scarce", "unlimited"} & set(of_metric)


def test_what_is_well_and_can_only_be_so_or_not_is_no_nearer_its_limit_than_others(of_metric: dict[str, Chart]) -> None:
    assert "link" not in of_metric


def test_it_is_drawn_of_the_thing_nearest_the_limit_with_others_beside_it(of_metric: dict[str, Chart]) -> None:
    assert [line.label for line in of_metric["etcd_90"].lines] == ["n90", "n89", "n88"]
    assert [line.label for line in of_metric["free"].lines] == ["n55", "n90"], "the less is free, the nearer"


def test_the_comparison_the_limit_and_the_verdict_are_on_it(of_metric: dict[str, Chart]) -> None:
    chart = of_metric["etcd_90"]
    assert (chart.limit, chart.limit_label, chart.verdict) == (100, "100 (T1)", "met")
    assert chart.lines[0].values == chart.lines[0].before == (90,) * 12
    assert of_metric["missed"].verdict == "missed"


def test_one_analyzer_alone_shows_its_own(tmp_path_factory: pytest.TempPathFactory) -> None:
    home = publish_case(Home(tmp_path_factory.mktemp("one") / "home"), WELL)
    with open_published(home) as con:
        alone = gather(con, Asked("c1", WINDOW, analyzer="network"))
    assert metrics(alone.charts) == ["shared_95", "network_90", "network_80", "network_60"]


def test_what_a_findings_chart_shows_is_not_drawn_again(faulty_hours: Report) -> None:
    assert [(chart.metric, bool(chart.findings)) for chart in faulty_hours.charts] == [
        ("fsync", True), ("busy", True), ("busy", True),
    ]  # fmt: skip


def test_before_the_fault_the_same_metrics_are_drawn_as_objectives_that_are_met(con: duckdb.DuckDBPyConnection) -> None:
    calm = gather(con, replace(FAULTY, window=hours(8, 9), against=None))
    assert [(chart.title, chart.verdict) for chart in calm.charts] == [("WAL fsync, n1", "met"), ("CPU, n1", "met")]


def test_of_nothing_collected_there_is_no_chart(con: duckdb.DuckDBPyConnection) -> None:
    assert gather(con, Asked("c2", hours(10, 12))).charts == ()
