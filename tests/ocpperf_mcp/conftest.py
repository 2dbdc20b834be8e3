"""The small warehouses that the query side's tests share, each published once for all test processes."""

from pathlib import Path

import pytest

from ocpperf_mcp.contracts.paths import Home
from tests.conftest import made_once
from tests.sql.folder_case import publish_case, read_case

CASE = Path(__file__).with_name("case.yaml")
REPORT_CASE = Path(__file__).parent / "report" / "case.yaml"


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The cluster of case.yaml, which most tools are asked about. Only to be read."""
    return Home(made_once(tmp_path_factory, "case", lambda folder: publish(folder, CASE)) / "home")


@pytest.fixture(scope="session")
def case_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The clusters of the reports' case. Only to be read."""
    return Home(made_once(tmp_path_factory, "report-case", lambda folder: publish(folder, REPORT_CASE)) / "home")


def publish(folder: Path, case: Path) -> None:
    publish_case(Home(folder / "home"), read_case(case))
