"""A warehouse that the tests of reports and of their commands share."""

from pathlib import Path

import pytest

from ocpperf_mcp.contracts.paths import Home
from tests.sql.folder_case import publish_case, read_case

CASE = Path(__file__).parent / "report" / "case.yaml"


@pytest.fixture(scope="session")
def case_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The clusters of the reports' case. Only to be read."""
    return publish_case(Home(tmp_path_factory.mktemp("report") / "home"), read_case(CASE))
