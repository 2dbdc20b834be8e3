"""Faults of catalogue files: collected, then told all at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from ocpperf_mcp.contracts.errors import OcpperfError

SECRET = "secret"
"""Type of an error whose value is not to be shown."""
_LISTED = 16


@dataclass(frozen=True)
class Fault:
    """One thing wrong, and where; `line` is 0 where none can be told, `entry` empty for a file's head."""

    file: str
    line: int
    entry: str
    field: str
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return ": ".join(part for part in (place, self.entry, self.field, self.message) if part)


def raise_faults(faults: Sequence[Fault], what_has: str, next_step: str) -> None:
    """Raises OcpperfError with one line a fault, in the order of the files; returns where there is none."""
    if not faults:
        return
    ordered = sorted(set(faults), key=lambda fault: (fault.file, fault.line, fault.entry, fault.field))
    count = f"{len(ordered)} fault{'s' if len(ordered) > 1 else ''}"
    raise OcpperfError("\n".join([f"{what_has} {count}:", *(f"  {fault}" for fault in ordered)]), next_step)


def nearest(name: str, names: Iterable[str]) -> str:
    """`; did you mean 'x'?` where a name is near, else nothing."""
    near = get_close_matches(name, list(names), n=1)
    return f"; did you mean '{near[0]}'?" if near else ""


def one_of(names: Iterable[str], found: object) -> str:
    """`expected one of a, b, found 'c'; did you mean 'a'?`"""
    known = sorted(names)
    listed = f"expected one of {', '.join(known)}" if len(known) <= _LISTED else "expected a known name"
    return f"{listed}, found {found!r}{nearest(str(found), known)}"


def explain(error: ValidationError, fields: Iterable[str]) -> list[tuple[tuple[int | str, ...], str]]:
    """Location and sentence of everything pydantic found; an unknown field is compared with `fields`."""
    return [(details["loc"], _sentence(details, fields)) for details in error.errors(include_url=False)]


def _sentence(details: ErrorDetails, fields: Iterable[str]) -> str:
    found = details["input"]
    match details["type"]:
        case "missing":
            return "the field is missing"
        case "extra_forbidden":
            return f"unknown field{nearest(str(details['loc'][-1]), fields)}"
        case "literal_error":
            choices = details["ctx"]["expected"].replace(" or ", ", ").replace("'", "").split(", ")
            return one_of(choices, found)
        case "string_type":
            return f"expected text, found {found!r}; put it in quotes"
        case "string_too_short":
            return "expected text, found none"
        case "string_pattern_mismatch":
            return f"expected text matching {details['ctx']['pattern']}, found {found!r}"
        case error if error == SECRET:
            return details["msg"]
        case "value_error":
            return f"{details['ctx']['error']}, found {found!r}"
        case _:
            return f"{details['msg'][0].lower()}{details['msg'][1:]}, found {found!r}"
