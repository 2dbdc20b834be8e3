"""A language model behind an API of OpenAI's kind: messages in, a draft out, within limits."""

import asyncio
import json
import warnings
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

import openai
from langchain_core.exceptions import LangChainException
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_openai import ChatOpenAI

from ocpperf_mcp.agent import notes
from ocpperf_mcp.agent.aliases import Aliases
from ocpperf_mcp.agent.answers import as_text, draft_in, whole
from ocpperf_mcp.agent.asking import IN_JSON, Manner
from ocpperf_mcp.agent.budget import Budget, Withheld, budget_of
from ocpperf_mcp.agent.draft import Draft
from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.settings import ModelSettings
from ocpperf_mcp.tools.tokens import tokens

_OPENAI = "https://api.openai.com/v1"
_RETRIES = 2
_EVERY = 50
_SCHEMA = tokens(IN_JSON)
"""What the form of the answer takes of a prompt, in whatever way it is demanded."""
Progress = Callable[[str], None]


class ChatModel:
    """Asks for drafts. One report's budget lasts for all its calls, and so does what its API was found not to know."""

    def __init__(self, name: str, key: str, url: str, budget: Budget) -> None:
        self.name = name
        self._budget = budget
        self._manner = Manner()
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
        self, messages: Sequence[BaseMessage], aliases: Aliases, progress: Progress
    ) -> tuple[Draft | str, AIMessage]:
        """A draft with real names, or what is wrong with an answer that is none, and the answer as it came.

        Raises Withheld when a limit is reached, when the model declines, and when the API gives no answer.
        """
        async with _told_in_notes(self._budget):
            answer = whole(await self._answer(messages, progress))
        return draft_in(answer, aliases), as_text(answer)

    async def _answer(self, messages: Sequence[BaseMessage], progress: Progress) -> AIMessageChunk:
        """In the first manner that the API takes; each one it does not know is left for good."""
        while True:
            try:
                return await self._streamed(messages, progress)
            except openai.APIStatusError as fault:
                onward = self._manner.without(fault, self.name)
                if onward is None:
                    raise
                self._manner, words = onward
                progress(words)

    async def _streamed(self, messages: Sequence[BaseMessage], progress: Progress) -> AIMessageChunk:
        prompt = _SCHEMA + sum(tokens(str(message.content)) for message in messages)
        chat = self._chat.bind(**self._manner.request(self._budget.allow(prompt)))
        answer, pieces = AIMessageChunk(content=""), 0
        try:
            with warnings.catch_warnings():
                # langchain-openai advises its callers on structured output; here that is no news.
                warnings.simplefilter("ignore", UserWarning)
                async for piece in chat.astream(self._manner.messages(messages)):
                    assert isinstance(piece, AIMessageChunk)
                    answer, pieces = answer + piece, pieces + 1
                    if pieces % _EVERY == 0:
                        progress(f"{pieces} pieces of the answer have come.")
        finally:
            if pieces:
                self._spend(answer, prompt)
        if not pieces:
            raise Withheld(notes.BROKEN)
        return answer

    def _spend(self, answer: AIMessageChunk, prompt: int) -> None:
        usage = answer.usage_metadata
        written = tokens(json.dumps([answer.content, answer.tool_calls]))
        self._budget.spend(*(usage["input_tokens"], usage["output_tokens"]) if usage else (prompt, written))


@asynccontextmanager
async def _told_in_notes(budget: Budget) -> AsyncIterator[None]:
    """Faults of the API as Withheld. Their own words may repeat what was sent, and are not passed on."""
    try:
        async with asyncio.timeout(budget.remaining_s()):
            yield
    except (TimeoutError, openai.APITimeoutError):
        raise Withheld(notes.TOO_LATE) from None
    except openai.APIConnectionError:
        raise Withheld(notes.UNREACHED) from None
    except openai.RateLimitError:
        raise Withheld(notes.BUSY) from None
    except openai.APIStatusError as fault:
        raise Withheld(notes.REFUSED if fault.status_code < 500 else notes.BROKEN) from None
    except openai.LengthFinishReasonError:
        raise Withheld(notes.CUT) from None
    except openai.ContentFilterFinishReasonError:
        raise Withheld(notes.FILTERED) from None
    except (openai.OpenAIError, LangChainException, ValueError, TypeError, KeyError):
        raise Withheld(notes.BROKEN) from None


def chat_model(settings: ModelSettings) -> ChatModel | None:
    """The model that the settings name; None without a key. Raises OcpperfError where they do not suffice."""
    key = settings.openai_api_key.get_secret_value().strip() if settings.openai_api_key else ""
    if not key:
        return None
    if not settings.openai_model:
        raise OcpperfError("OPENAI_API_KEY is set, and no model is named.", "Set OPENAI_MODEL to a model of that API.")
    url = str(settings.base_url) if settings.base_url else _OPENAI
    return ChatModel(settings.openai_model, key, url.rstrip("/"), budget_of(settings))
