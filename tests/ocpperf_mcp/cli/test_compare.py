"""`ocpperf run` and `ocpperf compare`: windows by name and by time, exit codes, JUnit."""

import json
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from typer.testing import CliRunner, Result

from ocpperf_mcp.cli import application
from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.contracts.paths import Home
from tests.sql.folder_case import publish_case, read_case

Run = Callable[..., Result]
CASES = Path(__file__).parents[2] / "sql" / "rpt_compare"
FIRST, SECOND = "2026-01-01T10:00Z/1h", "2026-01-01T11:00Z/2026-01-01T12:00Z"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Two hours of which the second is worse in CPU and fsync, and better in memory."""
    made = Home(tmp_path_factory.mktemp("compare") / "home")
    return publish_case(made, read_case(CASES / "normal_better_worse_unchanged" / "input.yaml"))


@pytest.fixture
def run(home: Home, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OCPPERF_HOME", str(home.root))
    monkeypatch.setenv("COLUMNS", "200")
    app = application()
    return lambda *words: CliRunner().invoke(app, list(words))


def refused(result: Result) -> OcpperfError:
    assert isinstance(result.exception, OcpperfError), result.output
    return result.exception


def test_what_is_worse_is_shown_first_and_told_by_the_exit_code(run: Run) -> None:
    done = run("compare", FIRST, SECOND)
    assert done.exit_code == 3
    changes = [line.split()[1] for line in done.output.splitlines() if line.startswith("│")]
    assert changes == ["worse", "worse", "better", "changed"]
    assert "30 %" in done.output
    assert "60 %" in done.output
    assert "met, missed" in done.output
    assert "2 worse" in done.output
    assert "1 unchanged" in done.output


def test_the_exit_code_is_0_where_nothing_asked_for_is_worse(run: Run) -> None:
    assert run("compare", FIRST, SECOND, "--metric", "free").exit_code == 0


def test_a_window_against_itself_differs_in_nothing(run: Run) -> None:
    done = run("compare", FIRST, FIRST, "--format", "json")
    assert done.exit_code == 0
    assert {row["change"] for row in json.loads(done.output)} == {"unchanged"}


def test_runs_are_named_listed_compared_and_forgotten(run: Run) -> None:
    assert run("run", "name", "before", "--from", "2026-01-01T10:00Z", "--to", "2026-01-01T11:00Z").exit_code == 0
    assert "after is 2026-01-01 11:00" in run("run", "name", "after", "--last", "1h", "--note", "4.20").output
    assert run("compare", "before", "after").exit_code == 3
    assert "4.20" in run("run", "list").output
    assert "named 'before' already" in refused(run("run", "name", "before", "--last", "1h")).what
    assert run("run", "name", "before", "--last", "1h", "--replace").exit_code == 0
    assert run("compare", "before", "after").exit_code == 0
    for name in ("before", "after"):
        assert run("run", "delete", name).exit_code == 0
    assert "No run has a name yet" in run("run", "list").output


def test_junit_fails_what_is_worse(run: Run, tmp_path: Path) -> None:
    assert run("compare", FIRST, SECOND, "--format", "junit", "--out", str(tmp_path / "compare.xml")).exit_code == 3
    suite = ElementTree.parse(tmp_path / "compare.xml").getroot()
    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == ("5", "2", "0")
    failed = [case for case in suite if case.find("failure") is not None]
    assert {case.get("classname") for case in failed} == {"node.busy", "etcd.fsync"}
    assert {case.get("name") for case in failed} == {"n1"}


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("before-4.20", SECOND), "'before-4.20' is no window and no run's name."),
        (("2025-01-01T00:00Z/1h", SECOND), "There is no data between 2025-01-01T00:00Z and 2025-01-01T01:00Z."),
        (("2026-13-01/1h", SECOND), "'2026-13-01' is not a time."),
        ((FIRST, SECOND, "--cluster", "other"), "The warehouse holds no cluster 'other'."),
        ((FIRST, SECOND, "--metric", "busi"), "There is no metric 'busi'."),
        ((FIRST, SECOND, "--domain", "node", "--domain", "nodes"), "There is no domain 'nodes'."),
        ((FIRST, SECOND, "--domain", "etcd", "--metric", "busy"), "Nothing was measured in either window."),
        (("99999999999w", SECOND), "The duration '99999999999w' is longer than a century."),
        ((FIRST, SECOND, "--out", "x"), "A table goes to the terminal."),
    ],
)
def test_what_cannot_be_compared_is_refused_in_a_sentence(run: Run, words: tuple[str, ...], sentence: str) -> None:
    assert refused(run("compare", *words)).what == sentence


def test_near_names_are_offered(run: Run) -> None:
    assert "busy" in refused(run("compare", FIRST, SECOND, "--metric", "busi")).next_step


def test_a_name_that_reads_as_a_stretch_of_time_is_refused_since_it_would_hide_that(run: Run) -> None:
    assert "'24h' is a stretch of time" in refused(run("run", "name", "24h", "--last", "1h")).what


def test_a_name_with_a_slash_is_refused(run: Run) -> None:
    assert "is no name for a run" in refused(run("run", "name", "a/b", "--last", "1h")).what


def test_a_state_file_that_somebody_broke_is_named(run: Run, home: Home) -> None:
    path = home.state / "runs.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text('[{"name": "before"}]')
    try:
        assert str(path) in refused(run("run", "list")).what
    finally:
        path.unlink()
