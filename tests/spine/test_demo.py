"""`make demo`, as somebody who has just cloned the repository meets it."""

import json
import subprocess
from datetime import datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from tests.conftest import Demo, run_demo, run_here


def expected_findings(demo: Demo) -> list[dict[str, Any]]:
    """What the simulator says a correct diagnosis must name."""
    truth = json.loads((demo.root / "prometheus" / "truth.json").read_text(encoding="utf-8"))
    return [
        {**expectation, "start": scenario["start"], "end": scenario["end"]}
        for scenario in truth["scenarios"]
        for expectation in scenario["expect"]
    ]


def began(expected: dict[str, Any]) -> datetime:
    """When the finding must begin: with its scenario, or that much later."""
    return naive(expected["start"]) + TypeAdapter(timedelta).validate_python(expected["begins"])


def naive(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=None)


def test_the_demo_ends_well_and_says_what_to_type_next(faulty: Demo) -> None:
    assert faulty.finished.returncode == 0, faulty.finished.stderr
    assert "What to type next" in faulty.finished.stdout
    assert "Traceback" not in faulty.finished.stderr


def test_every_planted_fault_is_found_on_its_entity_and_in_its_hours(faulty: Demo) -> None:
    findings = faulty.rows('select rule, entity, start, "end", severity from rpt_findings')
    expectations = expected_findings(faulty)
    assert len(expectations) >= 3
    for expected in expectations:
        hits = [row for row in findings if row[0] == expected["rule"] and row[1] == expected["entity"]]
        assert len(hits) == 1, f"{expected} among {findings}"
        started, ended = hits[0][2], hits[0][3]
        assert isinstance(started, datetime)
        assert isinstance(ended, datetime)
        slack = timedelta(minutes=10)
        assert abs(began(expected) - started) <= slack
        assert naive(expected["end"]) - slack <= ended <= naive(expected["end"]) + slack


def test_nothing_is_found_where_nothing_was_planted(faulty: Demo) -> None:
    planted = {(expected["rule"], expected["entity"]) for expected in expected_findings(faulty)}
    found = set(faulty.rows("select rule, entity from rpt_findings where severity <> 'info'"))
    assert found <= planted


def test_the_findings_are_on_the_terminal_and_on_the_page(faulty: Demo) -> None:
    page = (faulty.home.exports / "report.html").read_text(encoding="utf-8")
    text = _Text.of(page)
    for expected in expected_findings(faulty):
        assert expected["rule"] in faulty.finished.stdout
        assert f"{expected['rule']} on {expected['entity']}" in text
    assert "The report: " in faulty.finished.stdout


def test_every_metric_of_the_catalogue_answered_or_may_be_absent(faulty: Demo) -> None:
    silent = faulty.rows(
        "select metric from raw_extraction join dim_metric using (metric) "
        "where absent_means = 'missing' group by metric having max(samples) = 0"
    )
    assert silent == []


def test_a_second_run_uses_the_same_cluster_and_leaves_the_same_rows(tmp_path: Path) -> None:
    demo = Demo(tmp_path / "demo", subprocess.CompletedProcess([], 0))
    words = ("demo", "--home", str(demo.root), "--quiet", "--workers", "1", "--hours", "2")
    assert run_here(demo.environment(), *words).code == 0
    before = demo.fingerprint("fct_metric_hourly")
    again = run_here(demo.environment(), *words)
    assert again.code == 0, again.errors
    assert "Using the cluster simulated" in again.output
    assert demo.fingerprint("fct_metric_hourly") == before


def test_without_a_prometheus_one_sentence_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("OCPPERF_DEMO_PROMETHEUS", raising=False)
    demo = run_demo(tmp_path / "demo")
    assert demo.finished.returncode == 1
    assert "apt-get install prometheus" in demo.finished.stderr
    assert "Traceback" not in demo.finished.stderr


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.parts.append(data)

    @classmethod
    def of(cls, page: str) -> str:
        parser = cls()
        parser.feed(page)
        return " ".join("".join(parser.parts).split())
