"""JSON schemas of parameters and of the answer, as short as they can be: every client reads each of them."""

from functools import cache
from typing import Any

from ocpperf_mcp.tools.answer import Answer
from ocpperf_mcp.tools.asks import Ask

_SAID_ELSEWHERE = ("title", "default")


def input_schema(kind: type[Ask]) -> dict[str, Any]:
    """Of the parameters. What may be left out may also be null, which the schema does not repeat for each."""
    whole = kind.model_json_schema()
    short = {
        "type": "object",
        "properties": {name: _parameter(field) for name, field in whole["properties"].items()},
        "additionalProperties": False,
    }
    return short | ({"required": whole["required"]} if "required" in whole else {})


def _parameter(field: dict[str, Any]) -> dict[str, Any]:
    (kind, *_) = [option for option in field.get("anyOf", [field]) if option.get("type") != "null"]
    kept = {key: value for key, value in (kind | field).items() if key not in (*_SAID_ELSEWHERE, "anyOf")}
    return kept | ({"default": field["default"]} if field.get("default") is not None else {})


@cache
def output_schema() -> dict[str, Any]:
    """Of every tool's answer: the types of its parts; the book and the server's instructions say what they are."""
    whole = Answer.model_json_schema()["properties"]
    return {"type": "object", "properties": {name: {"type": _type(part)} for name, part in whole.items()}}


def _type(part: dict[str, Any]) -> str:
    options = [option["type"] for option in part.get("anyOf", [part]) if option.get("type") != "null"]
    return str(options[0])
