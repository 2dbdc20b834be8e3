"""The ways to ask an API for a draft, and which of its refusals mean that it does not know the way.

APIs of OpenAI's kind differ in what they know: structured output by a JSON schema, forced calls of a tool, the newer
name of the limit on an answer. What one refuses once is not asked of it again.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

import openai
from langchain_core.messages import BaseMessage, SystemMessage
from langchain_openai.chat_models.base import OpenAIContextOverflowError

from ocpperf_mcp.agent.draft import SCHEMA

NAME = "Draft"
_SCHEMA_TEXT = json.dumps(SCHEMA, separators=(",", ":"))
IN_JSON = f"Answer with one JSON object and nothing else. It fits this JSON schema: {_SCHEMA_TEXT}"
_NOT_KNOWN = frozenset({400, 404, 422})


class Way(Enum):
    """How the form of the answer is demanded: by the API in the first two ways, by words in the last."""

    SCHEMA = "structured output"
    TOOL = "a tool call"
    WORDS = "JSON in words"


_ONWARD = {Way.SCHEMA: Way.TOOL, Way.TOOL: Way.WORDS}
_SAID_OF = {
    Way.SCHEMA: ("response_format", "json_schema", "json schema", "structured output", "guided"),
    Way.TOOL: ("tool", "function"),
}


@dataclass(frozen=True)
class Manner:
    """What an API is known to take. `is_limit_new` is whether it knows the limit as max_completion_tokens."""

    way: Way = Way.SCHEMA
    is_limit_new: bool = True

    def request(self, most: int) -> dict[str, Any]:
        """Parameters for an answer of at most so many tokens."""
        # langchain-openai writes max_tokens under its newer name; only the raw body keeps the older one.
        limit = {"max_completion_tokens": most} if self.is_limit_new else {"extra_body": {"max_tokens": most}}
        described = {"name": NAME, "description": "The words of the report."}
        match self.way:
            case Way.SCHEMA:
                form = {"type": "json_schema", "json_schema": {**described, "schema": SCHEMA, "strict": True}}
                return {**limit, "response_format": form}
            case Way.TOOL:
                tool = {"type": "function", "function": {**described, "parameters": SCHEMA}}
                return {**limit, "tools": [tool], "tool_choice": {"type": "function", "function": {"name": NAME}}}
            case Way.WORDS:
                return limit

    def messages(self, messages: Sequence[BaseMessage]) -> list[BaseMessage]:
        """The conversation, with the demand in words where the API takes no other."""
        if self.way is not Way.WORDS:
            return list(messages)
        first, *rest = messages
        return [SystemMessage(f"{first.content}\n{IN_JSON}\n"), *rest]

    def without(self, fault: openai.APIStatusError, model: str) -> tuple["Manner", str] | None:
        """The manner to go on with after a refusal and a sentence for people; None where it is of another kind."""
        if fault.status_code not in _NOT_KNOWN or isinstance(fault, OpenAIContextOverflowError):
            return None
        # A model may be called after tools or functions.
        said = _blamed(fault).replace(model, "").lower()
        if self.is_limit_new and "max_completion_tokens" in said:
            return replace(self, is_limit_new=False), "The API knows no max_completion_tokens; asking with max_tokens."
        if self.way in _ONWARD and any(word in said for word in _SAID_OF[self.way]):
            onward = _ONWARD[self.way]
            return replace(self, way=onward), f"The API refuses {self.way.value}; asking by {onward.value}."
        return None


def _blamed(fault: openai.APIStatusError) -> str:
    """What of the request the API names: OpenAI's param or message, the places that a validator lists, or a text.

    Values that validators repeat are left out: they hold what was sent.
    """
    body = fault.body
    if not isinstance(body, Mapping):
        return str(body)
    listed = body.get("detail")
    if isinstance(listed, list):
        return " ".join(str(one.get("loc")) for one in listed if isinstance(one, Mapping))
    return str(fault.param or body.get("message") or body)
