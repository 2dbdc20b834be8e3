"""A server over the small cluster that the tools are asked about."""

from collections.abc import Iterator

import pytest

from ocpperf_mcp.contracts.paths import Home
from tests.ocpperf_mcp.serving.running import Server, serving


@pytest.fixture(scope="session")
def server(home: Home) -> Iterator[Server]:
    """As it is without any setting."""
    with serving(home) as running:
        yield running


@pytest.fixture(scope="session")
def strict(home: Home) -> Iterator[Server]:
    """One with everything set that can be, and no authentication."""
    with serving(
        home,
        OCPPERF_MCP_HOSTS="perf.example, other.example",
        OCPPERF_MCP_ORIGINS="https://page.example",
        OCPPERF_MCP_MAX_BODY_BYTES="2048",
        OCPPERF_MCP_STALE_AFTER="1h",
        OCPPERF_MCP_RATE="500",
    ) as running:
        yield running
