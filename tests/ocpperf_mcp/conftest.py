"""The small warehouse that most of the query side's tests ask."""

from pathlib import Path

import pytest

from ocpperf_mcp.contracts.paths import Home
from tests.conftest import made_once
from tests.sql.folder_case import publish_case, read_case

CASE = Path(__file__).with_name("case.yaml")


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The cluster of case.yaml, published once for all test processes. Only to be read."""
    return Home(made_once(tmp_path_factory, "case", publish) / "home")


def publish(folder: Path) -> None:
    publish_case(Home(folder / "home"), read_case(CASE))
