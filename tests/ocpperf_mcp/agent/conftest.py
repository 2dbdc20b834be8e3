"""The report whose prose the tests check, and its facts."""

import pytest

from ocpperf_mcp.agent.facts import Facts, facts_in
from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.report.gather import gather
from ocpperf_mcp.report.model import Report
from ocpperf_mcp.warehouse import open_published
from tests.ocpperf_mcp.report.conftest import FAULTY


@pytest.fixture(scope="session")
def report(case_home: Home) -> Report:
    """The two hours in which case.yaml is at fault."""
    with open_published(case_home) as con:
        return gather(con, FAULTY)


@pytest.fixture(scope="session")
def facts(report: Report) -> Facts:
    return facts_in(report)
