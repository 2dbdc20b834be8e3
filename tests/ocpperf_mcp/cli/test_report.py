"""`ocpperf report` and `ocpperf verify`: windows, formats, exit codes, refusals."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from ocpperf_mcp.cli import application
from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.report.as_json import read_json
from ocpperf_mcp.report.formats import FORMATS
from tests.ocpperf_mcp.report.conftest import hours

Run = Callable[..., Result]


@pytest.fixture
def run(case_home: Home, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OCPPERF_HOME", str(case_home.root))
    app = application()
    return lambda *words: CliRunner().invoke(app, list(words))


def refused(result: Result) -> OcpperfError:
    assert isinstance(result.exception, OcpperfError), result.output
    return result.exception


def test_the_terminal_shows_the_state_first_and_the_closed_hours_only(run: Run) -> None:
    done = run("report", "--cluster", "c1", "--last", "2h30m")
    assert done.exit_code == 0
    lines = done.output.splitlines()
    assert lines[0] == "Performance of c1"
    assert lines[1] == "Window: 2026-01-01 10:00 to 2026-01-01 12:00 UTC"
    assert "State: critical" in lines


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_written_to_a_file(run: Run, tmp_path: Path, name: str) -> None:
    out = tmp_path / f"report.{name}"
    assert run("report", "--cluster", "c1", "--last", "2h", "--format", name, "--out", str(out)).exit_code == 0
    assert out.stat().st_size > 1000


def test_windows_are_given_by_times_by_length_and_compared_by_name(run: Run) -> None:
    assert run("run", "name", "early", "--cluster", "c1", "--from", "2026-01-01T08:00Z", "--to", "2026-01-01T09:00Z")
    times = ("--from", "2026-01-01T10:00Z", "--to", "2026-01-01T12:00Z")
    done = run("report", "--cluster", "c1", *times, "--against", "early", "--format", "json")
    report = read_json(done.output, "report.json")
    assert (report.window, report.against) == (hours(10, 12), hours(8, 9, "early"))
    named = run("report", "--cluster", "c1", "--run", "early", "--against", "nothing", "--format", "json")
    assert read_json(named.output, "report.json").window == hours(8, 9, "early")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--cluster", "c1", "--last", "2h30m"), 3),
        (("--cluster", "c1", "--last", "2h30m", "--analyzer", "ovnk"), 0),
        (("--cluster", "c1", "--last", "2h30m", "--analyzer", "network"), 4),
        (("--cluster", "c2"), 4),
        (("--fleet", "--last", "2h30m"), 3),
    ],
)
def test_the_exit_code_tells_ci_what_is_bad_and_what_is_not_known(run: Run, words: tuple[str, ...], code: int) -> None:
    assert run("report", *words, "--fail-on", "critical").exit_code == code


def test_a_warning_fails_where_warnings_are_asked_to(run: Run) -> None:
    words = ("--cluster", "c1", "--analyzer", "etcd", "--from", "2026-01-01T08:00Z", "--to", "2026-01-01T10:00Z")
    assert run("report", *words, "--fail-on", "critical").exit_code == 0
    assert run("report", *words, "--fail-on", "warning").exit_code == 3


def test_the_fleet_shows_every_cluster(run: Run) -> None:
    done = run("report", "--fleet", "--last", "2h30m", "--format", "json")
    report = read_json(done.output, "report.json")
    assert [facts.cluster for facts in report.clusters] == ["c1", "c2", "c3"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ((), "The warehouse holds 3 clusters."),
        (("--cluster", "c4"), "The warehouse holds no cluster 'c4'."),
        (("--cluster", "c1", "--fleet"), "--fleet is about all clusters."),
        (("--cluster", "c1", "--format", "pdff"), "There is no format 'pdff'."),
        (("--cluster", "c1", "--last", "day"), "'day' is not a duration."),
        (("--cluster", "c1", "--against", "monday"), "'monday' is no window and no run's name."),
        (("--cluster", "c1", "--run", "monday"), "No window is named 'monday'."),
        (("--cluster", "c1", "--from", "2020-01-01", "--to", "2020-01-02"),
         "There is no data between 2020-01-01T00:00Z and 2020-01-02T00:00Z."),
        (("--cluster", "c1", "--from", "2026-01-01T12:00Z"), "No hour from 2026-01-01 12:00 UTC on is complete yet."),
        (("--cluster", "c1", "--out", "no/such/folder/x"),
         "no/such/folder/x cannot be written: No such file or directory."),
    ],
)  # fmt: skip
def test_what_cannot_be_reported_is_refused_in_a_sentence(run: Run, words: tuple[str, ...], sentence: str) -> None:
    assert refused(run("report", *words)).what == sentence


@pytest.fixture
def written(run: Run, tmp_path: Path) -> Path:
    out = tmp_path / "report.json"
    run("report", "--cluster", "c1", "--last", "2h30m", "--format", "json", "--out", str(out))
    return out


def test_a_report_that_holds_ends_with_0(run: Run, written: Path) -> None:
    done = run("verify", str(written))
    assert (done.exit_code, done.output) == (0, "33 of 33 claims hold.\n")


def test_a_tampered_claim_is_shown_and_ends_with_3(run: Run, written: Path) -> None:
    report = json.loads(written.read_text(encoding="utf-8"))
    report["claims"][0]["value"] = 0.001
    written.write_text(json.dumps(report), encoding="utf-8")
    done = run("verify", str(written))
    assert done.exit_code == 3
    assert "32 of 33 claims hold." in done.output
    assert "0.001 seconds" in done.output


def test_the_fleet_is_verified_too(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "fleet.json"
    run("report", "--fleet", "--last", "2h30m", "--format", "json", "--out", str(out))
    assert run("verify", str(out)).output == "5 of 5 claims hold.\n"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{}", "report.json is no report as `ocpperf report --format json` writes it: at title, field required."),
        ("not JSON", "report.json is no report as `ocpperf report --format json` writes it: at the beginning, "),
        (None, "report.json cannot be read."),
    ],
)
def test_what_is_no_report_is_refused(run: Run, tmp_path: Path, text: str | None, sentence: str) -> None:
    if text is not None:
        (tmp_path / "report.json").write_text(text, encoding="utf-8")
    assert refused(run("verify", "report.json")).what.startswith(sentence)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"layout": 99}, "has layout 99, and this ocpperf reads 1."),
        ({"clusters": [{"cluster": "c9"}]}, "The warehouse holds no cluster 'c9'."),
        ({"clusters": []}, "at clusters, "),
        ({"analyzer": "disk"}, "at analyzer, value error, there is no such analyzer"),
        ({"top": 1_000_000}, "at top, "),
        ({"sql": "drop table raw_net"}, "at sql, extra inputs are not permitted"),
    ],
)
def test_a_file_that_asks_for_what_cannot_be_is_refused(
    run: Run, written: Path, change: dict[str, object], sentence: str
) -> None:
    report = json.loads(written.read_text(encoding="utf-8"))
    written.write_text(json.dumps({**report, **change}), encoding="utf-8")
    assert sentence in refused(run("verify", str(written))).what
