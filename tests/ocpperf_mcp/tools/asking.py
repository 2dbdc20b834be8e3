"""Calling tools as a client does, with FastMCP's client in memory."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from fastmcp import Client
from fastmcp.exceptions import ToolError
from mcp_types import TextContent

from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.server import build_server

Answer = dict[str, Any]
Got = TypeVar("Got")


def with_client(home: Home, act: Callable[[Client[Any]], Awaitable[Got]], analyzer: str | None = None) -> Got:
    """What `act` does with a client of a server over that warehouse."""

    async def connected() -> Got:
        async with Client(build_server(home, analyzer)) as client:
            return await act(client)

    return asyncio.run(connected())


def ask(home: Home, tool: str, **arguments: Any) -> Answer:
    """A tool's structured answer, which its text must say as well."""

    async def call(client: Client[Any]) -> Answer:
        result = await client.call_tool(tool, arguments)
        assert isinstance(result.structured_content, dict)
        (text,) = result.content
        assert isinstance(text, TextContent)
        assert json.loads(text.text) == result.structured_content
        return result.structured_content

    return with_client(home, call)


def refusal(home: Home, tool: str, **arguments: Any) -> str:
    """The words of the MCP error that a call ends with. Fails where it ends with anything else."""
    try:
        answer = ask(home, tool, **arguments)
    except ToolError as error:
        return str(error)
    raise AssertionError(answer)


def rows_of(answer: Answer, table: str) -> list[dict[str, Any]]:
    """The rows of a table under its column names."""
    part = answer["tables"][table]
    return [dict(zip(part["columns"], row, strict=True)) for row in part["rows"]]
