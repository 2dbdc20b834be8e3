"""A language model behind an API of OpenAI's kind: messages in, a draft out, within limits."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import openai
from langchain_core.exceptions import LangChainException
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_openai import ChatOpenAI
from pydantic import ValidationError

from ocpperf_mcp.agent import notes
from ocpperf_mcp.agent.aliases import Aliases
from ocpperf_mcp.agent.budget import Budget, Withheld, budget_of
from ocpperf_mcp.agent.draft import Draft
from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.settings import ModelSettings
from ocpperf_mcp.tools.tokens import tokens

_OPENAI = "https://api.openai.com/v1"
_RETRIES = 2
_SCHEMA = tokens(json.dumps(Draft.model_json_schema()))
Heard = Callable[[int], None]
"""Told how many pieces of an answer have come."""


class ChatModel:
    """Asks for drafts. One report's budget lasts for all its calls."""

    def __init__(self, name: str, key: str, url: str, budget: Budget) -> None:
        self.name = name
        self._budget = budget
        self._chat = ChatOpenAI(
            model=name,
            api_key=lambda: key,
            base_url=url,
            timeout=budget.seconds,
            max_retries=_RETRIES,
            stream_usage=True,
            use_responses_api=False,
        )

    async def draft(
        self, messages: Sequence[BaseMessage], aliases: Aliases, heard: Heard
    ) -> tuple[Draft | str, AIMessage]:
        """A draft with real names, or one sentence about an answer that is none, and the answer as it came.

        Raises Withheld when a limit is reached, and when the API gives no answer.
        """
        answer = await self._answer(messages, heard)
        arguments = _arguments(answer)
        if arguments is None:
            return "Answer by one call of the tool Draft, with arguments that are JSON.", _plain(answer)
        try:
            return Draft.model_validate(aliases.shown(arguments)), _plain(answer)
        except ValidationError as fault:
            first = fault.errors(include_input=False, include_url=False, include_context=False)[0]
            place = ".".join(map(str, first["loc"]))
            return f"The arguments of Draft do not fit its schema: at {place}, {first['msg']}.", _plain(answer)

    async def _answer(self, messages: Sequence[BaseMessage], heard: Heard) -> AIMessageChunk:
        prompt = _SCHEMA + sum(tokens(str(message.content)) for message in messages)
        chat = self._chat.bind_tools(
            [Draft], tool_choice=Draft.__name__, max_completion_tokens=self._budget.allow(prompt)
        )
        answer: AIMessageChunk | None = None
        pieces = 0
        async with _told_in_notes(self._budget.remaining_s()):
            async for piece in chat.astream(list(messages)):
                assert isinstance(piece, AIMessageChunk)
                answer = piece if answer is None else answer + piece
                pieces += 1
                heard(pieces)
        if answer is None:
            raise Withheld(notes.BROKEN)
        usage = answer.usage_metadata
        written = tokens(json.dumps([answer.content, answer.tool_calls]))
        self._budget.spend(*(usage["input_tokens"], usage["output_tokens"]) if usage else (prompt, written))
        return answer


@asynccontextmanager
async def _told_in_notes(seconds: float) -> AsyncIterator[None]:
    """Faults of the API as Withheld. Their own words may repeat what was sent, and are not passed on."""
    try:
        async with asyncio.timeout(seconds):
            yield
    except (TimeoutError, openai.APITimeoutError):
        raise Withheld(notes.TOO_LATE) from None
    except openai.APIConnectionError:
        raise Withheld(notes.UNREACHED) from None
    except openai.RateLimitError:
        raise Withheld(notes.BUSY) from None
    except openai.APIStatusError as fault:
        raise Withheld(notes.REFUSED if fault.status_code < 500 else notes.BROKEN) from None
    except (openai.OpenAIError, LangChainException, ValueError, TypeError, KeyError):
        raise Withheld(notes.BROKEN) from None


def _arguments(answer: AIMessageChunk) -> dict[str, Any] | None:
    """Of the tool's call; some servers write them as the answer's text instead."""
    if answer.tool_calls:
        return dict(answer.tool_calls[0]["args"])
    try:
        read = json.loads(str(answer.content))
    except ValueError:
        return None
    return read if isinstance(read, dict) else None


def _plain(answer: AIMessageChunk) -> AIMessage:
    """The answer as text, which goes back with what is wrong with it: a call would want a tool's answer."""
    said = answer.tool_calls[0]["args"] if answer.tool_calls else answer.content
    return AIMessage(said if isinstance(said, str) else json.dumps(said, ensure_ascii=False))


def chat_model(settings: ModelSettings) -> ChatModel | None:
    """The model that the settings name; None without a key. Raises OcpperfError where they do not suffice."""
    key = settings.openai_api_key.get_secret_value().strip() if settings.openai_api_key else ""
    if not key:
        return None
    if not settings.openai_model:
        raise OcpperfError("OPENAI_API_KEY is set, and no model is named.", "Set OPENAI_MODEL to a model of that API.")
    url = str(settings.base_url) if settings.base_url else _OPENAI
    return ChatModel(settings.openai_model, key, url.rstrip("/"), budget_of(settings))
