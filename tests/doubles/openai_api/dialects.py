"""What servers of OpenAI's kind take of a request, and in which words they refuse the rest."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.doubles.openai_api.strict import strict_fault


@dataclass(frozen=True)
class Refusal:
    """`error` is what stands `under` that name in the body: OpenAI's object, a text, or a validator's list."""

    status: int
    error: Mapping[str, Any] | Sequence[Mapping[str, Any]] | str
    under: str = "error"

    @property
    def body(self) -> str:
        return json.dumps({self.under: self.error})


def _invalid(message: str, param: str | None) -> Refusal:
    return Refusal(400, {"message": message, "type": "invalid_request_error", "param": param, "code": None})


@dataclass(frozen=True)
class Dialect:
    """How the server refuses each of these; None where it takes it."""

    schema: Refusal | None = None
    tools: Refusal | None = None
    new_limit: Refusal | None = None

    def refusal(self, request: Mapping[str, Any]) -> Refusal | None:
        """The first thing of the request that the server does not take, or that OpenAI's documentation rules out."""
        if "response_format" in request and self.schema is not None:
            return self.schema
        if "tools" in request and self.tools is not None:
            return self.tools
        if "max_completion_tokens" in request and self.new_limit is not None:
            return self.new_limit
        return _malformed(request)


def _malformed(request: Mapping[str, Any]) -> Refusal | None:
    if "response_format" in request:
        form = request["response_format"]
        if form["type"] != "json_schema" or not {"name", "schema"} <= form["json_schema"].keys():
            return _invalid("Invalid response_format.", "response_format")
        fault = strict_fault(form["json_schema"]["schema"]) if form["json_schema"].get("strict") else None
        if fault:
            return _invalid(f"Invalid schema for response_format '{form['json_schema']['name']}': {fault}", None)
    if "tool_choice" in request:
        named = request["tool_choice"]["function"]["name"]
        if named not in {tool["function"]["name"] for tool in request["tools"]}:
            return _invalid("The tool of tool_choice is not among tools.", "tool_choice")
    limits = {"max_tokens", "max_completion_tokens"} & request.keys()
    return None if len(limits) == 1 else _invalid("Exactly one limit of the answer must be set.", "max_tokens")
