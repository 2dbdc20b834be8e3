"""`ocpperf mcp` as a process: over its standard input and output, and over HTTP, with clients of both eras."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from fastmcp import Client
from fastmcp.client.transports import StdioTransport
from typer.testing import CliRunner

from ocpperf_mcp.cli import application
from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.contracts.paths import Home

OCPPERF = str(Path(sys.executable).with_name("ocpperf"))
ERAS: tuple[Literal["auto", "legacy"], ...] = ("auto", "legacy")


def environment(home: Home) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("OCPPERF_")}
    return {**kept, "OCPPERF_HOME": str(home.root)}


@pytest.fixture(scope="module")
def address(home: Home) -> Iterator[str]:
    """Where a server answers over HTTP; the first line that it says."""
    words = [OCPPERF, "mcp", "--transport", "http", "--port", "0", "--analyzer", "etcd"]
    with subprocess.Popen(words, stderr=subprocess.PIPE, text=True, env=environment(home)) as process:
        try:
            assert process.stderr is not None
            yield process.stderr.readline().strip()
        finally:
            process.terminate()
            process.communicate(timeout=30)


def what_it_says(client: Client[Any]) -> tuple[set[str], Any]:
    """Names of its tools, and the structured answer of one of them."""

    async def ask() -> tuple[set[str], Any]:
        async with client:
            names = {tool.name for tool in await client.list_tools()}
            answer = await client.call_tool("get_etcd_disk_wal_fsync", {"duration": "build-1"})
            return names, answer.structured_content

    return asyncio.run(ask())


def test_over_standard_input_and_output(home: Home) -> None:
    """A log line on standard output would break the protocol."""
    transport = StdioTransport(OCPPERF, ["mcp"], env=environment(home))
    names, answer = what_it_says(Client(transport))
    assert {"get_etcd_disk_wal_fsync", "query_network_l1_metrics", "query_kube_api_metrics"} <= names
    assert answer["asked"] == "2026-01-01T10:00Z/2026-01-01T11:00Z"


@pytest.mark.parametrize("era", ERAS)
def test_over_http_with_clients_of_both_eras(address: str, era: Literal["auto", "legacy"]) -> None:
    names, answer = what_it_says(Client(address, mode=era))
    assert "get_etcd_disk_wal_fsync" in names
    assert "query_network_l1_metrics" not in names
    assert answer["tables"]["metrics"]["rows"]


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.org"])
def test_beyond_loopback_nobody_is_served(host: str) -> None:
    result = CliRunner().invoke(application(), ["mcp", "--transport", "http", "--host", host])
    assert isinstance(result.exception, OcpperfError)
    assert result.exception.what.endswith("there is no authentication.")


def test_a_taken_port_is_named(address: str) -> None:
    port = address.rpartition(":")[2].partition("/")[0]
    result = CliRunner().invoke(application(), ["mcp", "--transport", "http", "--port", port])
    assert isinstance(result.exception, OcpperfError)
    assert result.exception.what.startswith(f"Port {port} on 127.0.0.1 cannot be listened on")
