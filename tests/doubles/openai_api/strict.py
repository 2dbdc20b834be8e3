"""Whether a JSON schema is one that OpenAI's strict mode takes: the subset that its documentation gives."""

from collections.abc import Iterator, Mapping
from typing import Any

_OF_FORM = frozenset({"$defs", "$ref", "additionalProperties", "anyOf", "items", "properties", "required", "type"})
_KNOWN = _OF_FORM | {"const", "description", "enum"}
_MOST_PROPERTIES, _MOST_DEPTH = 5000, 10


def strict_fault(schema: Mapping[str, Any]) -> str | None:
    """The first thing that strict mode refuses."""
    if schema.get("type") != "object":
        return "schema must be a JSON Schema of 'type: \"object\"'."
    return next(_faults(schema, (), schema), None)


def _faults(part: Mapping[str, Any], place: tuple[str, ...], root: Mapping[str, Any]) -> Iterator[str]:
    yield from (f"In context={place}, '{name}' is not permitted." for name in sorted(part.keys() - _KNOWN))
    if len(place) > _MOST_DEPTH:
        yield f"In context={place}, the schema is nested too deeply."
    if "$ref" in part:
        if len(part) > 1:
            yield f"In context={place}, $ref cannot have keywords beside it."
        if part["$ref"].removeprefix("#/$defs/") not in root.get("$defs", {}):
            yield f"In context={place}, reference to a component that is not there."
    elif not {"type", "anyOf", "enum", "const"} & part.keys():
        yield f"In context={place}, schema must have a 'type' key."
    if part.get("type") == "object":
        yield from _of_object(part, place)
    for where, one in _parts(part, place):
        yield from _faults(one, where, root)


def _parts(part: Mapping[str, Any], place: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Mapping[str, Any]]]:
    for name in ("properties", "$defs"):
        yield from (((*place, name, key), one) for key, one in part.get(name, {}).items())
    yield from (((*place, "anyOf", str(number)), one) for number, one in enumerate(part.get("anyOf", [])))
    if part.get("type") == "array":
        yield (*place, "items"), part.get("items", {})


def _of_object(part: Mapping[str, Any], place: tuple[str, ...]) -> Iterator[str]:
    if part.get("additionalProperties") is not False:
        yield f"In context={place}, 'additionalProperties' is required to be supplied and to be false."
    if len(part["properties"]) > _MOST_PROPERTIES:
        yield f"In context={place}, there are too many properties."
    missing = part["properties"].keys() ^ set(part.get("required", []))
    if missing:
        yield (
            f"In context={place}, 'required' is required to be supplied and to be an array including every key in "
            f"properties. Missing or extra: {sorted(missing)}."
        )
