"""What came back from a model: a draft, or one sentence about what it is instead."""

import json
from typing import Any

from langchain_core.messages import AIMessage, AIMessageChunk
from pydantic import ValidationError

from ocpperf_mcp.agent import notes
from ocpperf_mcp.agent.aliases import Aliases
from ocpperf_mcp.agent.asking import IN_JSON
from ocpperf_mcp.agent.budget import Withheld
from ocpperf_mcp.agent.draft import Draft

_ENDED = {"length": notes.CUT, "content_filter": notes.FILTERED}


def whole(answer: AIMessageChunk) -> AIMessageChunk:
    """The answer. Raises Withheld where the model declined, or the API ended it before it was whole."""
    if answer.additional_kwargs.get("refusal"):
        raise Withheld(notes.DECLINED)
    if note := _ENDED.get(answer.response_metadata.get("finish_reason", "")):
        raise Withheld(note)
    return answer


def draft_in(answer: AIMessageChunk, aliases: Aliases) -> Draft | str:
    """The draft with real names, or what is to be mended in the answer."""
    read = _object(answer)
    if read is None:
        return IN_JSON
    try:
        return Draft.model_validate(aliases.shown(read))
    except ValidationError as fault:
        first = fault.errors(include_input=False, include_url=False, include_context=False)[0]
        place = ".".join(map(str, first["loc"]))
        return f"This does not fit the schema of Draft: at {place}, {first['msg']}."


def as_text(answer: AIMessageChunk) -> AIMessage:
    """The answer as text, which goes back with what is wrong with it: a call would want a tool's answer."""
    said = answer.tool_calls[0]["args"] if answer.tool_calls else answer.content
    return AIMessage(said if isinstance(said, str) else json.dumps(said, ensure_ascii=False))


def _object(answer: AIMessageChunk) -> dict[str, Any] | None:
    """Of the tool's call, or of the text; a fence or thoughts around it are no part of it."""
    if answer.tool_calls:
        return dict(answer.tool_calls[0]["args"])
    text = str(answer.content).rpartition("</think>")[2]
    try:
        read = json.loads(text[text.find("{") : text.rfind("}") + 1])
    except ValueError:
        return None
    return read if isinstance(read, dict) else None
