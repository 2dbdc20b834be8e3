"""How a draft is asked for: as well as the API allows, and what it does not know is asked of it once."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest
from langchain_core.messages import HumanMessage, SystemMessage

from ocpperf_mcp.agent import notes
from ocpperf_mcp.agent.aliases import Aliases
from ocpperf_mcp.agent.budget import Budget, Withheld
from ocpperf_mcp.agent.chat_model import ChatModel
from ocpperf_mcp.agent.draft import Draft
from tests.doubles.openai_api import Declined, Dialect, Fault, Filled, Refusal, Said, Scripted, serving_model
from tests.doubles.openai_api.strict import strict_fault

FILLED: dict[str, Any] = {"summary": "On node-1 it was slow.", "explanation": "So it was.", "steps": [],
                          "judgement": None}  # fmt: skip
ALIASES = Aliases({"master-0": "node-1"})


def object_error(message: str, param: str | None) -> dict[str, str | None]:
    return {"message": message, "type": "invalid_request_error", "param": param, "code": None}


OLD_MODEL = Refusal(
    400,
    object_error("Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model.",
                 "response_format"),
)  # fmt: skip
JSON_OBJECT_ONLY = Refusal(400, "'response_format.type' must be 'text' or 'json_object'")
UNKNOWN_FIELD = Refusal(422, object_error("body.response_format: Extra inputs are not permitted", None))
NOT_VALID = Refusal(422, [{"loc": ["body", "response_format"], "msg": "not permitted", "input": "a"}], under="detail")
NO_ROUTE = Refusal(404, object_error("No endpoints found that support tool use.", None))
NO_TOOLS = Refusal(400, object_error("m-function does not support tools", None))
OLD_LIMIT = Refusal(400, object_error("Unrecognized request argument supplied: max_completion_tokens", None))

TOO_LONG = "context_length_exceeded: 900 tokens in the messages, 90 in the functions, 10 in the response_format"

SCHEMA, TOOL, WORDS = "response_format", "tools", ""
Asked = Callable[..., tuple[Draft | str, list[str], Budget]]


def ask(model: Scripted, times: int = 1, name: str = "m1") -> tuple[Draft | str, list[str], Budget]:
    """The last draft of so many, what people were told, and what it took."""
    budget, told = Budget(tokens=100_000, seconds=60), list[str]()
    chat = ChatModel(name, "sk-secret", model.url, budget)
    sent = [SystemMessage("Write."), HumanMessage("<data>{}</data>")]

    async def asked() -> Draft | str:
        for _ in range(times - 1):
            await chat.draft(sent, ALIASES, told.append)
        return (await chat.draft(sent, ALIASES, told.append))[0]

    return asyncio.run(asked()), told, budget


def ways(model: Scripted) -> list[str]:
    """By which part of each request the form was demanded."""
    return [next((key for key in (SCHEMA, TOOL) if key in request), WORDS) for request in model.requests]


def test_structured_output_is_asked_for_first_by_a_schema_that_strict_mode_takes() -> None:
    with serving_model(Filled(FILLED)) as model:
        draft, told, _ = ask(model)
    form = model.requests[0][SCHEMA]
    assert (form["type"], form["json_schema"]["strict"]) == ("json_schema", True)
    assert strict_fault(form["json_schema"]["schema"]) is None
    assert (ways(model), told) == ([SCHEMA], [])
    assert isinstance(draft, Draft)


@pytest.mark.parametrize("keyword", ["default", "maxLength", "maxItems"])
def test_the_double_refuses_what_strict_mode_does_not_know(keyword: str) -> None:
    named = {"type": "object", "additionalProperties": False, "properties": {"a": {"type": "string", keyword: 1}}}
    assert keyword in (strict_fault({**named, "required": ["a"]}) or "")
    assert "'required'" in (strict_fault({**named, "properties": {"a": {"type": "string"}}}) or "")


@pytest.mark.parametrize(
    ("dialect", "tried"),
    [
        (Dialect(), [SCHEMA]),
        (Dialect(schema=OLD_MODEL), [SCHEMA, TOOL]),
        (Dialect(schema=JSON_OBJECT_ONLY), [SCHEMA, TOOL]),
        (Dialect(schema=UNKNOWN_FIELD), [SCHEMA, TOOL]),
        (Dialect(schema=NOT_VALID), [SCHEMA, TOOL]),
        (Dialect(schema=OLD_MODEL, tools=NO_TOOLS), [SCHEMA, TOOL, WORDS]),
        (Dialect(schema=OLD_MODEL, tools=NO_ROUTE), [SCHEMA, TOOL, WORDS]),
        (Dialect(new_limit=OLD_LIMIT), [SCHEMA, SCHEMA]),
        (Dialect(schema=JSON_OBJECT_ONLY, tools=NO_TOOLS, new_limit=OLD_LIMIT), [SCHEMA, TOOL, WORDS, WORDS]),
    ],
)
def test_what_an_api_refuses_is_left_for_good_and_told_once(dialect: Dialect, tried: list[str]) -> None:
    with serving_model(Filled(FILLED), dialect=dialect) as model:
        draft, told, budget = ask(model, times=3, name="m-function")
    assert ways(model) == [*tried, tried[-1], tried[-1]]
    assert len(told) == len(tried) - 1
    assert isinstance(draft, Draft)
    assert draft.summary == "On master-0 it was slow."
    assert (budget.sent, budget.answered) == (2700, 300)


def test_an_older_server_gets_the_limit_by_its_older_name() -> None:
    with serving_model(Filled(FILLED), dialect=Dialect(new_limit=OLD_LIMIT)) as model:
        _, told, _ = ask(model)
    assert model.requests[-1]["max_tokens"] == model.requests[0]["max_completion_tokens"]
    assert told == ["The API knows no max_completion_tokens; asking with max_tokens."]


def test_in_words_the_schema_is_part_of_the_instructions() -> None:
    with serving_model(Filled(FILLED), dialect=Dialect(schema=OLD_MODEL, tools=NO_TOOLS)) as model:
        _, told, _ = ask(model)
    assert '"required":["summary","explanation","steps","judgement"]' in model.requests[-1]["messages"][0]["content"]
    assert told[-1] == "The API refuses a tool call; asking by JSON in words."


@pytest.mark.parametrize(
    ("fault", "note", "requests"),
    [
        (Fault(400, message=TOO_LONG), notes.REFUSED, 1),
        (Fault(400, message="Invalid value of 'messages'"), notes.REFUSED, 1),
        (Fault(404, message="The model m1 does not exist"), notes.REFUSED, 1),
        (Fault(401, message="response_format"), notes.REFUSED, 1),
        (Fault(403, message="response_format"), notes.REFUSED, 1),
        (Fault(429, message="response_format"), notes.BUSY, 3),
        (Fault(500, message="response_format"), notes.BROKEN, 3),
    ],
)  # fmt: skip
def test_faults_of_another_kind_are_not_asked_again_another_way(fault: Fault, note: str, requests: int) -> None:
    with serving_model(fault) as model, pytest.raises(Withheld, match=note):
        ask(model)
    assert ways(model) == [SCHEMA] * requests


TOOLS_ONLY = Dialect(schema=OLD_MODEL)


@pytest.mark.parametrize("dialect", [Dialect(), TOOLS_ONLY, Dialect(schema=OLD_MODEL, tools=NO_TOOLS)])
@pytest.mark.parametrize(("ended", "note"), [("length", notes.CUT), ("content_filter", notes.FILTERED)])
def test_an_answer_that_the_api_ended_is_told_as_that(dialect: Dialect, ended: str, note: str) -> None:
    with serving_model(Filled('{"summary": "On', ended), dialect=dialect) as model, pytest.raises(Withheld, match=note):
        ask(model)


def test_a_model_that_declines_is_told_as_that() -> None:
    with serving_model(Declined()) as model, pytest.raises(Withheld, match=notes.DECLINED):
        ask(model)


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(FILLED),
        f"```json\n{json.dumps(FILLED)}\n```",
        f"<think>Perhaps {{}}.</think>{json.dumps(FILLED)}",
    ],
)
def test_json_is_read_from_the_text_of_servers_that_pass_over_the_demand(text: str) -> None:
    with serving_model(Said(text)) as model:
        draft, _, _ = ask(model)
    assert isinstance(draft, Draft)


def test_limits_that_the_schema_cannot_tell_hold_when_the_answer_is_read() -> None:
    with serving_model(Filled({**FILLED, "summary": "x" * 2001})) as model:
        said, _, _ = ask(model)
    assert said == "This does not fit the schema of Draft: at summary, String should have at most 2000 characters."
