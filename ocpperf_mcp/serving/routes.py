"""What the server answers beside MCP: health, its own metrics, and the tools for whoever has no MCP client."""

import json
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from datetime import timedelta
from importlib.metadata import version
from typing import Any

from anyio import to_thread
from fastmcp import FastMCP
from fastmcp.exceptions import FastMCPError, NotFoundError
from fastmcp.server.auth import AuthProvider
from fastmcp.server.auth.middleware import RequireAuthMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route, request_response

from ocpperf_mcp.nearest import meant
from ocpperf_mcp.reader import Reader
from ocpperf_mcp.serving.health import Health, health, told, utc_now
from ocpperf_mcp.serving.meters import CONTENT_TYPE, Meters, family
from ocpperf_mcp.serving.observed import is_refusal
from ocpperf_mcp.serving.openapi import openapi
from ocpperf_mcp.serving.refusals import refusal
from ocpperf_mcp.tools.answer import Row
from ocpperf_mcp.tools.registry import ToolSpec
from ocpperf_mcp.tools.schemas import input_schema

Handler = Callable[[Request], Awaitable[Response]]


class Routes:
    """The handlers, over one server and what it reads from."""

    def __init__(
        self,
        server: FastMCP[None],
        specs: Sequence[ToolSpec],
        reader: Reader,
        meters: Meters,
        stale_after: timedelta | None,
    ) -> None:
        self._server = server
        self._specs = specs
        self._reader = reader
        self._meters = meters
        self._stale_after = stale_after

    def all(self, auth: AuthProvider | None) -> list[Route]:
        """Open ones, and those that want a token where there is authentication."""
        open_ones: dict[str, Handler] = {"/health": self._health, "/ready": self._ready}
        closed: dict[str, Handler] = {
            "/metrics": self._metrics, "/tools": self._tools, "/openapi.json": self._openapi,
        }  # fmt: skip
        return [
            *(Route(path, handler, methods=["GET"]) for path, handler in open_ones.items()),
            *(_closed(path, handler, "GET", auth) for path, handler in closed.items()),
            _closed("/tools/{name}", self._call, "POST", auth),
        ]

    async def _health(self, request: Request) -> Response:
        found = await to_thread.run_sync(health, self._reader)
        now = utc_now()
        status = "unreadable" if found.fault else "stale" if found.is_stale(now, self._stale_after) else "ok"
        content = told(found, status, now) if _may_know(request, self._server.auth) else {"status": status}
        return JSONResponse(content, 200 if status == "ok" else 503)

    async def _ready(self, _: Request) -> Response:
        found = await to_thread.run_sync(health, self._reader)
        return JSONResponse({"ready": not found.fault}, 503 if found.fault else 200)

    async def _metrics(self, _: Request) -> Response:
        found = await to_thread.run_sync(health, self._reader)
        lines = [*self._meters.lines(), *_of_warehouse(found)]
        return PlainTextResponse("\n".join(lines) + "\n", headers={"Content-Type": CONTENT_TYPE})

    async def _tools(self, _: Request) -> Response:
        return JSONResponse({"tools": [_described(spec) for spec in self._specs]})

    async def _openapi(self, _: Request) -> Response:
        return JSONResponse(openapi(self._specs, with_token=self._server.auth is not None))

    async def _call(self, request: Request) -> Response:
        arguments = await _arguments(request)
        if isinstance(arguments, Response):
            return arguments
        name = request.path_params["name"]
        try:
            result = await self._server.call_tool(name, arguments)
        except NotFoundError:
            return refusal(404, f"There is no tool '{name[:80]}'. {meant(name, self._names(), 'tool')}")
        except FastMCPError as fault:
            return refusal(400 if is_refusal(fault) else 500, str(fault))
        return JSONResponse(result.structured_content)

    def _names(self) -> Iterable[str]:
        return (spec.name for spec in self._specs)


def _closed(path: str, handler: Handler, method: str, auth: AuthProvider | None) -> Route:
    if auth is None:
        return Route(path, handler, methods=[method])
    return Route(path, RequireAuthMiddleware(request_response(handler), auth.required_scopes), methods=[method])


def _may_know(request: Request, auth: AuthProvider | None) -> bool:
    """Names of clusters are for those who have a token, where one is wanted."""
    return auth is None or request.user.is_authenticated


async def _arguments(request: Request) -> Row | Response:
    """The body's object, or the answer to a body that is none."""
    body = await request.body()
    if not body.strip():
        return {}
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        return refusal(415, "The body is not said to be JSON. Send it with `Content-Type: application/json`.")
    try:
        read: Any = json.loads(body)
    except (ValueError, RecursionError):
        return refusal(400, 'The body is no JSON. Send an object of parameters, such as {"duration": "1h"}.')
    if not isinstance(read, dict):
        return refusal(400, 'The body is no object. Send one of parameters, such as {"duration": "1h"}.')
    return read


def _described(spec: ToolSpec) -> Row:
    return {
        "name": spec.name,
        "title": spec.title,
        "description": spec.description,
        "analyzers": sorted(spec.analyzers),
        "input_schema": input_schema(spec.ask),
    }


def _of_warehouse(found: Health) -> Iterator[str]:
    yield from family("build_info", "gauge", "Which version runs.", [({"version": version("ocpperf")}, 1)])
    yield from family(
        "warehouse_readable", "gauge", "Whether the published file can be read.", [({}, int(not found.fault))]
    )
    if found.version is not None:
        yield from family("published_version", "gauge", "The published version.", [({}, found.version)])
    now = utc_now()
    ages = [({"cluster": one.cluster}, age) for one in found.clusters if (age := one.age_s(now)) is not None]
    yield from family("data_age_seconds", "gauge", "Time since the end of what was collected.", ages)
