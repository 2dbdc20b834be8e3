"""Counts and logs the calls of tools, however they come in."""

import logging
import time
from contextlib import suppress

from fastmcp.exceptions import FastMCPError, NotFoundError, ValidationError
from fastmcp.server.dependencies import get_access_token, get_http_request
from fastmcp.server.middleware import CallNext, Middleware, MiddlewareContext
from fastmcp.tools import ToolResult
from mcp_types import CallToolRequestParams, TextContent

from ocpperf_mcp.serving.logs import log_call
from ocpperf_mcp.serving.meters import Meters

_NO_SUCH_TOOL = "unknown"
"""Names that callers make up are no label values."""


class Observed(Middleware):
    """Around every call of a tool."""

    def __init__(self, meters: Meters) -> None:
        self._meters = meters

    async def on_call_tool(
        self,
        context: MiddlewareContext[CallToolRequestParams],
        call_next: CallNext[CallToolRequestParams, ToolResult],
    ) -> ToolResult:
        started = time.perf_counter()
        tool, outcome, size = context.message.name, "failed", 0
        self._meters.in_flight += 1
        try:
            result = await call_next(context)
            outcome, size = "ok", _bytes(result)
            return result
        except NotFoundError:
            tool, outcome = _NO_SUCH_TOOL, "refused"
            raise
        except FastMCPError as fault:
            outcome = "refused" if is_refusal(fault) else "failed"
            raise
        finally:
            seconds = time.perf_counter() - started
            self._meters.in_flight -= 1
            self._meters.count_call(tool, outcome, seconds)
            log_call(tool=tool, outcome=outcome, duration_ms=round(seconds * 1000, 1), bytes=size, caller=caller())


def is_refusal(fault: FastMCPError) -> bool:
    """Whether the caller can do something about it; the others are faults of this program."""
    return isinstance(fault, ValidationError) or fault.log_level == logging.INFO


def _bytes(result: ToolResult) -> int:
    return sum(len(part.text.encode()) for part in result.content if isinstance(part, TextContent))


def caller() -> str:
    """The name that a token stands for, else the address, else that there is just one caller."""
    if token := get_access_token():
        return token.original_client_id or token.client_id
    with suppress(RuntimeError):
        client = get_http_request().client
        return client.host if client else "unknown"
    return "stdio"
