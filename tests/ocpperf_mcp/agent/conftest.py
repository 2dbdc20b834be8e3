"""The report whose prose the tests check, its facts, and the command that writes one."""

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from ocpperf_mcp.agent.facts import Facts, facts_in
from ocpperf_mcp.cli import application
from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.report.gather import gather
from ocpperf_mcp.report.model import Report
from ocpperf_mcp.warehouse import open_published
from tests.doubles.openai_api import Scripted
from tests.ocpperf_mcp.report.conftest import FAULTY

KEY = "sk-very-secret"
Run = Callable[..., Result]


@pytest.fixture(scope="session")
def report(case_home: Home) -> Report:
    """The two hours in which case.yaml is at fault."""
    with open_published(case_home) as con:
        return gather(con, FAULTY)


@pytest.fixture(scope="session")
def facts(report: Report) -> Facts:
    return facts_in(report)


@pytest.fixture
def run(case_home: Home, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OCPPERF_HOME", str(case_home.root))
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    app = application()
    return lambda *words, **more: CliRunner().invoke(app, list(words), **more)


def asked_of(model: Scripted, **more: str) -> dict[str, str]:
    """Settings under which the double is asked."""
    return {"OPENAI_API_KEY": KEY, "OPENAI_MODEL": "m1", "BASE_URL": model.url, **more}
