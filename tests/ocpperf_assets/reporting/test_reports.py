"""Reports that Dagster writes: of closed hours, one partition a cluster, shown in short beside the asset."""

import os
import sys
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from ocpperf_assets.reporting.asset import REPORT, report_asset
from ocpperf_assets.reporting.files import forget_reports
from ocpperf_assets.reporting.schedules import report_job, report_schedules
from ocpperf_assets.resources import WarehouseResource
from ocpperf_assets.schedules import CLUSTER_TAG
from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.report.as_json import read_json
from tests.conftest import made_once
from tests.ocpperf_mcp.conftest import REPORT_CASE
from tests.ocpperf_mcp.conftest import publish as publish_once

CLUSTERS = ["c1", "c2", "c3"]
MONDAY = datetime(2026, 1, 5, 0, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def case_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The clusters of the reports' case: c1 at fault, c2 never answered, c3 calm. Only to be read."""
    return Home(made_once(tmp_path_factory, "report-case", lambda folder: publish_once(folder, REPORT_CASE)) / "home")


@pytest.fixture
def home(case_home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home of the test's own over that warehouse."""
    own = Home(tmp_path / "home")
    own.root.mkdir()
    own.link.symlink_to(case_home.link.resolve())
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OCPPERF_HOME", str(own.root))
    return own


def definitions(home: Home) -> dg.Definitions:
    return dg.Definitions(
        assets=[report_asset(CLUSTERS)],
        jobs=[report_job(CLUSTERS)],
        schedules=report_schedules(CLUSTERS, dg.DefaultScheduleStatus.STOPPED),
        resources={"warehouse": WarehouseResource(database=str(home.link))},
        executor=dg.in_process_executor,
    )


def materialized(home: Home, cluster: str, **config: object) -> Mapping[str, dg.MetadataValue[Any]]:
    """Metadata of the report that a run with that config wrote."""
    run = (
        definitions(home)
        .resolve_job_def("report")
        .execute_in_process(partition_key=cluster, run_config={"ops": {"report__executive_report": {"config": config}}})
    )
    (made,) = run.asset_materializations_for_node("report__executive_report")
    assert made.asset_key == REPORT
    return made.metadata


def test_a_run_writes_page_and_json_and_shows_them_in_short(home: Home) -> None:
    told = materialized(home, "c1", last="2h", name="daily", until="2026-01-01T12:00Z")
    directory = home.exports / "reports" / "c1"
    assert sorted(path.name for path in directory.iterdir()) == ["2026-01-01-daily.html", "2026-01-01-daily.json"]
    report = read_json((directory / "2026-01-01-daily.json").read_text(encoding="utf-8"), "it")
    assert (report.state, report.window.end) == ("critical", datetime(2026, 1, 1, 12, tzinfo=UTC))
    assert report.against is not None
    assert told["html"].value == str(directory / "2026-01-01-daily.html")
    assert (told["state"].value, told["findings"].value) == ("critical", len(report.findings))
    preview = str(told["preview"].value)
    assert "**State: critical**" in preview
    assert "| critical | fsync-slow | n1 | 2026-01-01 10:00 |" in preview
    assert "| n2 |" not in preview, "that is of the open hour alone"


def test_by_itself_it_is_of_the_last_day_before_the_newest_closed_hour(home: Home) -> None:
    materialized(home, "c1", analyzer="etcd", against="nothing", formats=["json"])
    (path,) = (home.exports / "reports" / "c1").iterdir()
    assert path.name == "2026-01-01-on-demand-etcd.json"
    report = read_json(path.read_text(encoding="utf-8"), "it")
    assert (report.window.end - report.window.start, report.window.end.hour) == (timedelta(days=1), 12)
    assert (report.analyzer, report.against) == ("etcd", None)


@pytest.mark.parametrize(
    ("cluster", "until", "note"),
    [
        ("c2", "2026-01-01T12:00Z", "Nothing of this cluster was ever collected."),
        ("c1", "2026-01-09T00:00Z", "Nothing was collected after 2026-01-01 12:30 UTC."),
        ("c1", "2026-01-01T18:00Z", "Nothing was collected after 2026-01-01 12:30 UTC."),
    ],
    ids=["never", "for a week", "since an hour that was never closed"],
)
def test_of_hours_without_data_it_says_so_and_calls_nothing_healthy(
    home: Home, cluster: str, until: str, note: str
) -> None:
    told = materialized(home, cluster, last="6h", until=until, formats=["markdown"])
    assert told["state"].value == "unknown"
    text = Path(str(told["markdown"].value)).read_text(encoding="utf-8")
    assert "0 of 6 hours of the window collected" in text
    assert "Findings\n\nNone." in text
    assert f"- Note: {note}" in text


def test_the_hour_that_is_being_collected_is_left_out(home: Home) -> None:
    told = materialized(home, "c1", last="6h", until="2026-01-01T13:00Z", formats=["json"])
    report = read_json(Path(str(told["json"].value)).read_text(encoding="utf-8"), "it")
    assert report.window.end == datetime(2026, 1, 1, 12, tzinfo=UTC)
    assert "2026-01-01 12:00 UTC is complete" in report.notes[0]


def test_a_library_that_is_missing_costs_one_form_and_is_said(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    told = materialized(home, "c3", last="2h", until="2026-01-01T12:00Z", formats=["pdf", "json"])
    assert "pip install 'ocpperf[report]'" in str(told["not written"].value)
    names = sorted(path.name for path in (home.exports / "reports" / "c3").iterdir())
    assert names == ["2026-01-01-on-demand.json", "2026-01-01-on-demand.md"]


def test_where_reports_are_served_they_are_linked(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OCPPERF_REPORTS_URL", "https://reports.example")
    told = materialized(home, "c3", last="2h", until="2026-01-01T12:00Z", formats=["json"])
    assert told["json"] == dg.MetadataValue.url("https://reports.example/c3/2026-01-01-on-demand.json")


@pytest.mark.parametrize(
    ("config", "sentence"),
    [
        ({"formats": ["jsn"]}, "There is no format 'jsn'."),
        ({"formats": ["table"]}, "Reports are not kept as table."),
        ({"formats": []}, "No form of the report was asked for."),
        ({"last": "soon"}, "'soon' is not a duration."),
        ({"against": "build-7"}, "'build-7' is no window and no run's name."),
    ],
)
def test_what_cannot_be_asked_for_is_refused_in_a_sentence(
    home: Home, config: dict[str, object], sentence: str
) -> None:
    with pytest.raises(OcpperfError, match=sentence):
        materialized(home, "c1", **config)
    assert not home.exports.exists()


def test_reports_that_are_old_enough_are_forgotten_and_nothing_else(tmp_path: Path) -> None:
    now = datetime(2026, 4, 1, tzinfo=UTC)
    ages = {
        "2025-12-01-daily.html": 91,
        "2025-12-01-daily.json": 91,
        "2025-12-01-build.html": 89,
        "notes-2025.html": 400,
    }
    for name, days in ages.items():
        (tmp_path / name).touch()
        moment = (now - timedelta(days=days)).timestamp()
        os.utime(tmp_path / name, (moment, moment))
    assert forget_reports(tmp_path, timedelta(days=90), now) == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["2025-12-01-build.html", "notes-2025.html"]


@pytest.mark.parametrize(
    ("name", "cron", "last"), [("daily_report", "20 0 * * *", "24h"), ("weekly_report", "30 0 * * 1", "7d")]
)
def test_reports_come_by_themselves_one_run_a_cluster(home: Home, name: str, cron: str, last: str) -> None:
    made = definitions(home)
    schedule = made.resolve_schedule_def(name)
    assert (schedule.cron_schedule, schedule.execution_timezone) == (cron, "UTC")
    context = dg.build_schedule_context(scheduled_execution_time=MONDAY, repository_def=made.get_repository_def())
    requests = list(schedule.evaluate_tick(context).run_requests or ())
    assert [request.partition_key for request in requests] == CLUSTERS
    assert [request.tags[CLUSTER_TAG] for request in requests] == CLUSTERS, "it waits for its cluster's collection"
    assert len({request.run_key for request in requests}) == 3
    config = requests[0].run_config["ops"]["report__executive_report"]["config"]
    assert (config["last"], config["until"]) == (last, "2026-01-05T00:00:00+00:00")
