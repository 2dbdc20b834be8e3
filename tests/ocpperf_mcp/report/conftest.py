"""One small warehouse for all tests of reports, and what is made of it."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import duckdb
import pytest

from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.report.asked import Asked
from ocpperf_mcp.report.gather import gather
from ocpperf_mcp.report.model import Report, Span
from ocpperf_mcp.warehouse import open_published

Gather = Callable[..., Report]


def hours(first: int, last: int, name: str = "") -> Span:
    return Span(start=datetime(2026, 1, 1, first, tzinfo=UTC), end=datetime(2026, 1, 1, last, tzinfo=UTC), name=name)


FAULTY = Asked("c1", hours(10, 12), hours(8, 10, "previous"))
"""The two hours in which case.yaml is at fault, against the two before."""


@pytest.fixture
def con(case_home: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_published(case_home) as con:
        yield con


@pytest.fixture(scope="session")
def faulty_hours(case_home: Home) -> Report:
    with open_published(case_home) as con:
        return gather(con, FAULTY)
