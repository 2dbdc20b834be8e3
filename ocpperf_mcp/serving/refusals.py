"""Requests that are not let in: each is counted by its reason, and answered with one sentence as JSON."""

from collections.abc import Mapping

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ocpperf_mcp.serving.meters import Meters

_REASONS = {401: "auth", 403: "origin", 413: "size", 421: "host", 429: "rate"}
_SENTENCES = {
    401: "This server wants a token. Send it as `Authorization: Bearer TOKEN`.",
    403: "Pages of this origin may not ask this server. OCPPERF_MCP_ORIGINS names those that may.",
    404: "There is nothing here. MCP is at /mcp, the tools are listed at /tools, /openapi.json describes the rest.",
    405: "This path takes another method: POST for /mcp and /tools/NAME, GET for the others.",
    421: "This server is not known by that host name. OCPPERF_MCP_HOSTS names those by which it is.",
}
"""Where the library that refuses says nothing, or says it in a word."""
_KEPT = ("www-authenticate", "allow")


def refusal(status: int, sentence: str, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """The one shape of every error beside MCP."""
    return JSONResponse({"error": sentence}, status, headers=headers)


class Refusals:
    """Around the whole app."""

    def __init__(self, app: ASGIApp, meters: Meters) -> None:
        self._app = app
        self._meters = meters

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        replaced = False

        async def told(message: Message) -> None:
            nonlocal replaced
            if message["type"] == "http.response.start":
                if reason := _REASONS.get(message["status"]):
                    self._meters.refused[reason] += 1
                replaced = message["status"] in _SENTENCES and not _is_json(message)
                if replaced:
                    await _sentence(message)(scope, receive, send)
            if not replaced:
                await send(message)

        await self._app(scope, receive, told)


def _is_json(message: Message) -> bool:
    return Headers(raw=message["headers"]).get("content-type", "").startswith("application/json")


def _sentence(message: Message) -> JSONResponse:
    """What a client acts upon stays: the challenge of a 401, the methods of a 405."""
    headers, status = Headers(raw=message["headers"]), message["status"]
    return refusal(status, _SENTENCES[status], {name: headers[name] for name in _KEPT if name in headers})
