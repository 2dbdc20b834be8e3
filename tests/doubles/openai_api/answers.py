"""What the double may be told to answer, and the pieces that it streams."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

_PIECE = 40


@dataclass(frozen=True)
class Filled:
    """The form that the request demands: content by its schema, a call of its tool, else JSON as text.

    `values` are sent as they are when they are text; `ended` takes the place of the usual reason of the end.
    """

    values: Mapping[str, Any] | str
    ended: str = ""

    @property
    def text(self) -> str:
        return self.values if isinstance(self.values, str) else json.dumps(self.values)


@dataclass(frozen=True)
class Said:
    """An answer in plain text, whatever is demanded, as servers give that pass over what they do not know."""

    text: str


@dataclass(frozen=True)
class Declined:
    """The model declines, which OpenAI tells beside the content."""

    text: str = "I cannot help with that."


@dataclass(frozen=True)
class Fault:
    """An HTTP status with OpenAI's error body, which repeats the key as careless proxies do."""

    status: int
    headers: Mapping[str, str] = field(default_factory=lambda: {"retry-after-ms": "1"})
    message: str = "no luck"


@dataclass(frozen=True)
class Slow:
    """Headers and one piece, then nothing until the double ends."""


@dataclass(frozen=True)
class Garbled:
    """A stream whose events are no JSON."""


@dataclass(frozen=True)
class Cut:
    """A stream that breaks off within a chunk."""


Streamed = Filled | Said | Declined | Slow
Answer = Streamed | Fault | Garbled | Cut


def deltas(answer: Streamed, request: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The answer in pieces, as choices[0].delta holds them."""
    is_call = isinstance(answer, Filled) and "tool_choice" in request
    yield {"role": "assistant", "content": None if is_call else ""}
    if isinstance(answer, Declined):
        yield from ({"refusal": piece} for piece in _cut(answer.text))
    elif isinstance(answer, Filled) and is_call:
        yield from _call(answer, request)
    elif isinstance(answer, Filled | Said):
        yield from ({"content": piece} for piece in _cut(answer.text))


def end_reason(answer: Streamed, request: Mapping[str, Any]) -> str:
    if isinstance(answer, Filled):
        return answer.ended or ("tool_calls" if "tool_choice" in request else "stop")
    return "stop"


def _call(answer: Filled, request: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    name = request["tool_choice"]["function"]["name"]
    head = {"index": 0, "id": "call_1", "type": "function", "function": {"name": name, "arguments": ""}}
    yield {"tool_calls": [head]}
    yield from ({"tool_calls": [{"index": 0, "function": {"arguments": piece}}]} for piece in _cut(answer.text))


def _cut(text: str) -> Iterator[str]:
    yield from (text[place : place + _PIECE] for place in range(0, len(text), _PIECE))
