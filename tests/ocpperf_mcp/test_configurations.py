"""Files that tell other programs how the MCP server is started, and words for those who come from elsewhere."""

import asyncio
import json
import re
from importlib.metadata import version
from pathlib import Path

import pytest
from fastmcp.utilities.mcp_server_config import MCPServerConfig

from ocpperf_mcp.retired import retired_and_set
from ocpperf_mcp.server import specs

ROOT = Path(__file__).parents[2]


def test_fastmcp_finds_the_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OCPPERF_HOME", str(tmp_path))
    monkeypatch.chdir(ROOT)
    config = MCPServerConfig.from_file(ROOT / "fastmcp.json")

    async def listed() -> set[str]:
        return {tool.name for tool in await (await config.source.load_server()).list_tools()}

    assert asyncio.run(listed()) == {spec.name for spec in specs()}
    assert config.deployment.transport == "stdio"


def test_the_registry_s_file_is_of_this_version_and_package() -> None:
    document = json.loads((ROOT / "server.json").read_text(encoding="utf-8"))
    (package,) = document["packages"]
    assert document["version"] == package["version"] == version("ocpperf")
    assert len(document["description"]) <= 100
    assert re.fullmatch(r"[a-z0-9.-]+/[a-z0-9-]+", document["name"])
    assert (package["registryType"], package["identifier"]) == ("pypi", "ocpperf")
    # The registry takes a package for the owner's when its README names the server.
    assert f"mcp-name: {document['name']}" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_variables_that_are_read_no_more_are_named_without_their_values() -> None:
    assert retired_and_set({"HOME": "/root", "PROMETHEUS_URL": ""}) == []
    assert retired_and_set({"PROMETHEUS_TOKEN": "planted"}) == [
        "PROMETHEUS_TOKEN is read no more. `OCPPERF_PROMETHEUS_TOKEN`, or better `OCPPERF_PROMETHEUS_TOKEN_FILE`."
    ]
