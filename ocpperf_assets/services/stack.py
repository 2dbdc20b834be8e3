"""The services of ocpperf. One more is one more entry here."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec

from ocpperf_assets.services.heartbeat import DaemonHealth
from ocpperf_assets.services.service import HttpHealth, Service
from ocpperf_mcp.contracts.paths import Home

_LOCATION = ("-m", "ocpperf_assets.definitions")


@dataclass(frozen=True)
class Ports:
    """Where the services listen, on loopback."""

    dagster: int = 3000
    mcp: int = 8000


def services_of(home: Home, ports: Ports, *, schedules: bool = True) -> tuple[Service, ...]:
    """Every service, in the order of starting. With `schedules` they run without being switched on."""
    environment = {
        "OCPPERF_HOME": str(home.root),
        "OCPPERF_SCHEDULES": str(int(schedules)),
        "DAGSTER_HOME": str(home.dagster),
    }
    return (
        Service(
            name="webserver",
            title="Dagster webserver",
            command=(
                *(sys.executable, "-m", "dagster_webserver", *_LOCATION),
                *("--host", "127.0.0.1", "--port", str(ports.dagster)),
            ),
            health=HttpHealth(f"http://127.0.0.1:{ports.dagster}/server_info"),
            port=ports.dagster,
            port_option="--dagster-port",
            environment=environment,
        ),
        Service(
            name="daemon",
            title="Dagster daemon",
            command=(sys.executable, "-m", "dagster._daemon", "run", *_LOCATION),
            health=DaemonHealth(home.dagster),
            environment=environment,
        ),
        *_mcp(ports, environment),
    )


def _mcp(ports: Ports, environment: dict[str, str]) -> Iterator[Service]:
    """The MCP server, where what it needs is installed. It works without a warehouse too: then /health says so."""
    if find_spec("fastmcp") is None:
        return
    yield Service(
        name="mcp",
        title="MCP server",
        command=(sys.executable, "-m", "ocpperf_mcp", "mcp", "--transport", "http", "--port", str(ports.mcp)),
        health=HttpHealth(f"http://127.0.0.1:{ports.mcp}/health", statuses=(200, 503)),
        port=ports.mcp,
        port_option="--mcp-port",
        environment=environment,
    )
