"""A server that wants a token: who is let in, and what the others learn."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from mcp import MCPError

from ocpperf_mcp.contracts.paths import Home
from tests.ocpperf_mcp.serving.running import Server, serving
from tests.ocpperf_mcp.serving.test_callers import ERAS, Era, client

TOKEN = "planted-token-of-a-caller"
BEARER = {"Authorization": f"Bearer {TOKEN}"}
CLOSED = [
    ("GET", "/metrics"),
    ("GET", "/tools"),
    ("GET", "/openapi.json"),
    ("POST", "/tools/list_clusters"),
    ("POST", "/mcp"),
]


@pytest.fixture(scope="module")
def guarded(home: Home, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    file = tmp_path_factory.mktemp("tokens") / "tokens"
    file.touch(mode=0o600)
    file.write_text(f"night-shift {TOKEN}\n")
    with serving(home, "--host", "0.0.0.0", OCPPERF_MCP_TOKEN_FILE=str(file)) as running:
        yield running


@pytest.mark.parametrize("era", ERAS)
def test_with_a_token_the_protocol_s_own_client_is_answered(guarded: Server, era: Era) -> None:
    async def ask() -> Any:
        async with client(guarded.address, era, TOKEN) as connected:
            return await connected.call_tool("list_clusters", {})

    assert not asyncio.run(ask()).is_error


@pytest.mark.parametrize("era", ERAS)
@pytest.mark.parametrize("token", ["", "a-token-that-nobody-gave"])
def test_without_one_it_is_not(guarded: Server, era: Era, token: str) -> None:
    async def ask() -> Any:
        async with client(guarded.address, era, token) as connected:
            return await connected.list_tools()

    with pytest.RaisesGroup(MCPError, flatten_subgroups=True, allow_unwrapped=True):
        asyncio.run(ask())


@pytest.mark.parametrize(("method", "path"), CLOSED)
def test_everything_but_health_wants_the_token(guarded: Server, method: str, path: str) -> None:
    for headers in ({}, {"Authorization": "Bearer wrong-token-of-nobody"}, {"Authorization": f"Basic {TOKEN}"}):
        answer = guarded.request(method, path, headers=headers)
        assert answer.status == 401
        assert answer.headers["www-authenticate"].startswith("Bearer")
        assert answer.json["error"]
    if path != "/mcp":
        assert guarded.request(method, path, headers=BEARER).status == 200


def test_health_names_no_cluster_to_strangers(guarded: Server) -> None:
    assert guarded.get("/health").json == {"status": "ok"}
    assert guarded.get("/ready").json == {"ready": True}
    assert guarded.get("/health", **BEARER).json["clusters"][0]["cluster"] == "c1"


def test_openapi_says_that_a_token_is_wanted(guarded: Server) -> None:
    document = guarded.get("/openapi.json", **BEARER).json
    assert document["security"] == [{"token": []}]
    assert document["components"]["securitySchemes"]["token"] == {"type": "http", "scheme": "bearer"}
    assert "401" in document["paths"]["/tools/list_clusters"]["post"]["responses"]
