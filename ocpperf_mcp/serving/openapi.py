"""The tools as an OpenAPI 3.1 document, for people and programs without an MCP client."""

from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

from ocpperf_mcp.tools.answer import Row
from ocpperf_mcp.tools.registry import ToolSpec
from ocpperf_mcp.tools.schemas import input_schema, output_schema

_ERROR = {"$ref": "#/components/schemas/Error"}
_REFUSED = {
    "400": "The parameters cannot be used, or there is nothing to answer with.",
    "404": "There is no such tool.",
    "413": "The body is too large.",
    "415": "The body is not JSON.",
    "429": "Too many requests; Retry-After says when to come again.",
    "500": "A fault of the server.",
}


def openapi(specs: Sequence[ToolSpec], *, with_token: bool) -> Row:
    """One path a tool, and those beside them."""
    schemes: Row = {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}} if with_token else {}
    secured: Row = {"security": [{"token": []}]} if with_token else {}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "ocpperf",
            "version": version("ocpperf"),
            "description": "The history of OpenShift and Kubernetes clusters' performance. Everything here only reads.",
        },
        "paths": {**{f"/tools/{spec.name}": {"post": _tool(spec, with_token)} for spec in specs}, **_OTHERS},
        "components": {"schemas": {"Answer": output_schema(), "Error": _ERROR_SCHEMA}, **schemes},
        **secured,
    }


def _tool(spec: ToolSpec, with_token: bool) -> Row:
    refused = {**_REFUSED, **({"401": "There is no valid token."} if with_token else {})}
    return {
        "operationId": spec.name,
        "summary": spec.title,
        "description": spec.description,
        "tags": sorted(spec.analyzers),
        "requestBody": {"required": True, "content": {"application/json": {"schema": input_schema(spec.ask)}}},
        "responses": {
            "200": _json("The answer.", {"$ref": "#/components/schemas/Answer"}),
            **{status: _json(tells, _ERROR) for status, tells in sorted(refused.items())},
        },
    }


def _json(tells: str, schema: Row) -> Row:
    return {"description": tells, "content": {"application/json": {"schema": schema}}}


def _get(operation: str, summary: str, kind: str = "application/json", **more: Any) -> Row:
    answer = {"description": summary, "content": {kind: {}}}
    return {"get": {"operationId": operation, "summary": summary, "responses": {"200": answer}, **more}}


_OPEN: Row = {"security": []}
_OTHERS = {
    "/tools": _get("list_tools", "Every tool with its parameters."),
    "/health": _get("health", "Whether the warehouse can be read, and how old its data is.", **_OPEN),
    "/ready": _get("ready", "Whether a call would be answered now.", **_OPEN),
    "/metrics": _get("metrics", "What the server counts of itself.", "text/plain"),
}
_ERROR_SCHEMA = {
    "type": "object",
    "properties": {"error": {"type": "string", "description": "one sentence with the next step"}},
    "required": ["error"],
}
