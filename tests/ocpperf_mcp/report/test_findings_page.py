"""The findings page shows what the warehouse holds, says what it does not know, and runs nothing."""

from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from ocpperf_assets.slots import write_turn
from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.contracts.windows import HOUR, Window
from ocpperf_mcp.report.findings_page import FindingsPage, quantity, read_findings_page, write_findings_page
from tests.sql.folder_case import METRIC_DEFAULTS, Case, publish_case

START = datetime(2026, 1, 1, tzinfo=UTC)
HOSTILE = '<script>alert("x")</script>'
RULE: dict[str, Any] = {
    "rule": "node-cpu",
    "title": "CPU",
    "analyzer": "node",
    "metric": "busy",
    "statistic": "value",
    "direction": "above",
    "duration_s": 900,
    "causes": ["a workload <b>without</b> limits"],
    "actions": [],
    "levels": [{"severity": "info", "value": 0.9, "tier": "T1", "source": "node mixin"}],
}


class Page(HTMLParser):
    """What a browser makes of a page: its elements, where they point, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: set[str] = set()
        self.attributes: dict[str, set[str]] = {}
        self.cells: list[str] = []
        self._parts: list[str] = []
        self._hidden = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self._hidden = tag == "style"
        for name, value in attrs:
            self.attributes.setdefault(name, set()).add(value or "")
        if tag in ("td", "th"):
            self.cells.append("")

    def handle_endtag(self, tag: str) -> None:
        self._hidden = False

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self._parts.append(data)
            if self.cells:
                self.cells[-1] += data.strip()

    @property
    def text(self) -> str:
        return " ".join("".join(self._parts).split())


def case(node: str) -> Case:
    """One hour in which a node is busy and a latency is measured once, then not at all."""
    entries: dict[str, dict[str, Any]] = {
        "busy": {"unit": "ratio"},
        "node_info": {"kind": "state"},
        "fsync": {"kind": "histogram", "domain": "etcd", "unit": "seconds", "objective_value": 0.010},
        "commit": {"kind": "histogram", "domain": "etcd", "unit": "seconds"},
        "time-left": {"kind": "histogram", "domain": "etcd", "unit": "seconds", "better": "higher"},
    }
    measured = {"le": [0.004, 0.008, 0.016, "inf"], "points": ["500 990 1000 1000 x12"]}
    idle = {"le": [0.004, 0.008, 0.016, "inf"], "points": ["0 0 0 0 x12"]}
    return Case(
        window=Window(START, START + HOUR),
        now=START + HOUR,
        metrics={name: {**METRIC_DEFAULTS, "title": name, **entry} for name, entry in entries.items()},
        rules=[RULE],
        series={
            "busy": {"metric": "busy", "labels": {"instance": node}, "samples": "0.95x60"},
            "info": {"metric": "node_info", "labels": {"node": node}, "samples": "1x60"},
            "measured": {"metric": "fsync", "labels": {"instance": node}, "buckets": measured},
            "left": {"metric": "time-left", "labels": {"instance": node}, "buckets": measured},
            "idle": {"metric": "commit", "labels": {"instance": node}, "buckets": idle},
        },
    )


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return publish_case(Home(tmp_path_factory.mktemp("hostile") / "home"), case(HOSTILE))


@pytest.fixture(scope="module")
def html(home: Home) -> str:
    return read_findings_page(home).render()


def test_a_finding_is_shown_with_what_it_rests_on(html: str) -> None:
    text = Page(html).text
    assert "0 critical, 0 warning, 1 info." in text
    assert f"info · node-cpu on {HOSTILE}" in text
    assert "observed 95 % · limit 90 % (T1)" in text
    assert "Data up to 2026-01-01 01:00 UTC." in text
    assert "Limit from node mixin" in text


def test_what_is_acknowledged_is_listed_apart_and_what_happened_too(tmp_path: Path) -> None:
    ack = {"cluster": "c1", "rule": "node-cpu", "entity_kind": "node", "entity": "n1", "lasting": "for-good"}
    one = case("n1")
    alert = {"metric": "top_alerts", "labels": {"alertname": "Slow", "severity": "info"}, "samples": "_x30 1x30"}
    told = replace(
        one,
        metrics={**one.metrics, "top_alerts": {**METRIC_DEFAULTS, "title": "alerts"}},
        series={**one.series, "alert": alert},
        told={"user_ack": [{**ack, "severity": "info", "note": "a benchmark runs"}]},
    )
    text = Page(read_findings_page(publish_case(Home(tmp_path / "home"), told)).render()).text
    assert "Nothing but what is acknowledged was found" in text
    assert "Acknowledged info: node-cpu on n1" in text
    assert "a benchmark runs" in text
    assert "Alert Slow/info began to fire at 2026-01-01 00:30 UTC." in text


def test_what_is_acknowledged_is_counted_beside_what_is_not(home: Home) -> None:
    page = read_findings_page(home)
    text = Page(replace(page, acknowledged=page.findings).render()).text
    assert "0 critical, 0 warning, 1 info; 1 more acknowledged." in text


def test_latencies_with_an_objective_come_first_and_what_is_good_when_high_is_none(html: str) -> None:
    text = Page(html).text
    assert text.index("fsync") < text.index("1 more, for which no objective is published") < text.index("commit")
    assert "time-left" not in text


def test_a_finding_says_the_id_that_ack_takes(home: Home, html: str) -> None:
    (finding,) = read_findings_page(home).findings
    assert f"coverage 100 % · {finding['finding_id']}" in Page(html).text


def test_values_are_text_and_never_markup(html: str) -> None:
    page = Page(html)
    assert not {"script", "b"} & page.elements
    assert HOSTILE in page.cells
    assert "a workload <b>without</b> limits" in page.text


def test_the_page_runs_nothing_and_fetches_nothing(html: str) -> None:
    page = Page(html)
    assert not {"script", "link", "img", "iframe", "object", "embed", "form", "a"} & page.elements
    assert not {"src", "href", "action", "style", "srcset"} & page.attributes.keys()
    assert not [name for name in page.attributes if name.startswith("on")]
    assert "url(" not in html
    assert "@import" not in html
    assert "//" not in html.replace("</", "")


def test_what_was_not_measured_is_not_known_rather_than_zero(html: str) -> None:
    cells = Page(html).cells
    row = cells[cells.index("commit") :][:7]
    assert row[3:5] == ["not known", "none published"]


def test_a_collection_that_counted_no_samples_is_not_known_rather_than_zero(home: Home, html: str) -> None:
    page = read_findings_page(home)
    assert [row["samples"] for row in page.coverage] == [None, None]
    cells = Page(html).cells
    assert cells[cells.index("node") :][2] == "not known"


def test_facts_a_node_does_not_tell_are_not_known(html: str) -> None:
    cells = Page(html).cells
    node = cells[cells.index("Last seen") + 1 :]
    assert node[0] == HOSTILE
    assert node[2:4] == ["not known", "not known"]


def test_hours_in_which_no_rule_fired_are_said_to_be_silent_and_no_more(tmp_path: Path) -> None:
    calm = case("n1")
    silent = Case(calm.window, calm.now, calm.metrics, (), calm.series)
    text = Page(read_findings_page(publish_case(Home(tmp_path / "home"), silent)).render()).text
    assert "No rule fired on the data collected. What was not collected could not be judged: see coverage." in text


def test_nothing_collected_yet_is_said_and_is_not_health(tmp_path: Path) -> None:
    home = publish_case(Home(tmp_path / "home"), case("n1"))
    with write_turn(home, "emptied") as turn:
        for (table,) in turn.con.execute(
            "select table_name from duckdb_tables() where table_name similar to '(raw|dim|fct)_.*'"
        ).fetchall():
            if table != "raw_publication":
                turn.con.execute(f"delete from {table}")
                turn.changed_whole(table)
    text = Page(read_findings_page(home).render()).text
    assert "Nothing has been collected yet, so nothing can be said." in text
    assert "Data up to never." in text
    assert "No rule fired" not in text


def test_without_a_warehouse_the_next_step_is_said(tmp_path: Path) -> None:
    with pytest.raises(OcpperfError) as fault:
        read_findings_page(Home(tmp_path))
    assert fault.value.next_step == "Run `ocpperf collect --last 1h` first."


def test_the_page_is_written_where_it_is_asked_for(home: Home, html: str, tmp_path: Path) -> None:
    path = write_findings_page(home, tmp_path / "made" / "page.html")
    assert path.read_text(encoding="utf-8") == html


def test_severities_are_counted_each_as_itself() -> None:
    findings = [{"severity": severity} for severity in ("critical", "info", "info")]
    page = FindingsPage("c1", None, findings, (), (), (), (), ())
    assert [page.count(severity) for severity in ("critical", "warning", "info")] == [1, 0, 2]


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (None, "seconds", "not known"),
        (0.0, "seconds", "0 ms"),
        (0.0103, "seconds", "10.3 ms"),
        (0.9999, "seconds", "1,000 ms"),
        (1.0, "seconds", "1 s"),
        (75.25, "seconds", "75.2 s"),
        (3600.0, "seconds", "3,600 s"),
        (-0.002, "seconds", "-2 ms"),
        (0.5, "ratio", "50 %"),
        (1.0, "ratio", "100 %"),
        (12.0, "ratio", "1,200 %"),
        (0.0, "count", "0"),
        (12_345.0, "per_second", "12,345 per second"),
        (8_589_934_592.0, "bytes", "8 GiB"),
        (3_145_728.0, "bytes", "3 MiB"),
        (3.0, None, "3"),
    ],
)
def test_quantities_read_at_a_glance(value: float | None, unit: str | None, shown: str) -> None:
    assert quantity(value, unit) == shown
