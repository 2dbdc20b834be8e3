"""One node, and five hundred: tables stay short, and say how much they leave out."""

from datetime import UTC, datetime
from typing import Any

import pytest

from ocpperf_assets.models import build_models
from ocpperf_assets.slots import write_turn
from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.contracts.windows import HOUR, Window
from ocpperf_mcp.report.as_json import as_json
from ocpperf_mcp.report.asked import Asked
from ocpperf_mcp.report.gather import gather
from ocpperf_mcp.report.html import html
from ocpperf_mcp.report.markdown import markdown
from ocpperf_mcp.report.model import Report, Table
from ocpperf_mcp.report.reading import span
from ocpperf_mcp.warehouse import open_published
from tests.sql.folder_case import METRIC_DEFAULTS, Case, load_case, shipped_models, unregister_catalogue

START = datetime(2026, 1, 1, tzinfo=UTC)
WINDOW = Window(START, START + HOUR)
METRICS: dict[str, dict[str, Any]] = {
    "node_info": {"kind": "state"},
    "node_role": {"kind": "state"},
    "busy": {"unit": "ratio", "objective_value": 0.9, "objective_tier": "T1"},
}
ONE = Case(
    window=WINDOW,
    now=WINDOW.end,
    metrics={
        name: {**METRIC_DEFAULTS, "title": name, "tools": ["get_etcd_node_usage"], **entry}
        for name, entry in METRICS.items()
    },
    series={
        "info": {"metric": "node_info", "labels": {"node": "n0"}, "samples": "1x60"},
        "role": {"metric": "node_role", "labels": {"node": "n0", "role": "worker"}, "samples": "1x60"},
        "busy": {"metric": "busy", "labels": {"instance": "n0"}, "samples": "0.95x60"},
    },
)
_COPIED = {
    "raw_node": "value - number / 1e6 as value",
    "raw_series_label": """
        map(map_keys(labels), list_transform(map_values(labels), lambda v: replace(v, 'n0', 'n' || number))) as labels
    """,
}
_MORE = """
insert into {table} by name
select * exclude (number) replace (series_id + number * 1000 as series_id, {values})
from {table} cross join range(1, {nodes}) as r(number)
"""


def report_of(home: Home, nodes: int) -> Report:
    """Of the case's node and others like it, each busy by a little less."""
    with write_turn(home, "run") as turn:
        load_case(turn.con, ONE)
        for table, values in _COPIED.items():
            turn.con.execute(_MORE.format(table=table, values=values, nodes=nodes))
        build_models(turn.con, shipped_models(), ONE.changes, now=ONE.now, on_change=lambda *_: None)
        unregister_catalogue(turn.con)
    with open_published(home) as con:
        return gather(con, Asked("c1", span(WINDOW)))


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Report:
    return report_of(Home(tmp_path_factory.mktemp("many") / "home"), 500)


def usage(report: Report) -> Table:
    (found,) = (one for part in report.sections for one in part.tables if one.key == "etcd_node_usage-worker")
    return found


def test_one_node_is_its_own_highest_and_no_top(tmp_path_factory: pytest.TempPathFactory) -> None:
    one = report_of(Home(tmp_path_factory.mktemp("one") / "home"), 1)
    assert one.clusters[0].nodes == {"worker": 1}
    ((_, of, _, level, *_),) = usage(one).rows
    assert (of.text, level.marks) == ("n0", ("warning",))


def test_of_five_hundred_nodes_the_highest_are_shown_and_the_others_counted(many: Report) -> None:
    assert many.clusters[0].nodes == {"worker": 500}
    found = usage(many)
    assert [row[1].text for row in found.rows] == ["n0", "n1", "n2"]
    assert found.rows_in_all == 500
    assert [row[3].marks for row in found.rows] == [("warning", "top"), ("warning",), ("warning",)]
    assert "And 497 more." in markdown(many)


def test_its_report_is_no_longer_for_the_nodes_that_are_like_others(many: Report) -> None:
    assert len(as_json(many)) < 100_000
    assert len(markdown(many).splitlines()) < 200
    assert len(html(many)) < 3_000_000
