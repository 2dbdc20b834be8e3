"""The catalogue and the day that the spine's tests share."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ocpperf_assets.catalogue import Catalogue
from tests.conftest import Demo, copy_of, shipped_catalogue


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return shipped_catalogue()


@pytest.fixture(scope="module")
def day(faulty: Demo) -> tuple[datetime, datetime]:
    ((first, last),) = faulty.rows("select min(hour), max(hour) from raw_extraction")
    assert isinstance(first, datetime)
    assert isinstance(last, datetime)
    return first.replace(tzinfo=UTC), last.replace(tzinfo=UTC) + timedelta(hours=1)


@pytest.fixture
def copied(faulty: Demo, tmp_path: Path) -> Demo:
    """The faulty cluster's warehouse, to write to without disturbing the other tests."""
    return Demo(tmp_path, faulty.finished, at=copy_of(faulty.home, tmp_path))
