"""The words of words.yaml: read once, and refused with the place where one of them is wrong."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Final

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from ocpperf_mcp.contracts.errors import OcpperfError

FILE: Final = Path(__file__).with_name("words.yaml")
Words = Annotated[frozenset[str], Field(min_length=1)]
Listed = Annotated[tuple[str, ...], Field(min_length=1)]


class Phrases:
    """Any of several phrases as whole words, in either case."""

    def __init__(self, phrases: list[str]) -> None:
        self.either = "|".join(phrases)
        """For larger patterns."""
        self._pattern = re.compile(rf"\b(?:{self.either})\b", re.IGNORECASE)

    def search(self, text: str) -> re.Match[str] | None:
        return self._pattern.search(text)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        return self._pattern.finditer(text)


def _phrases(listed: Any) -> Phrases:
    if not isinstance(listed, list) or not listed or not all(isinstance(one, str) and one for one in listed):
        raise ValueError("it is no list of phrases, or an empty one")
    for one in listed:
        try:
            re.compile(one)
        except re.error as fault:
            raise ValueError(f"{one!r} is no regular expression: {fault}") from None
    return Phrases(listed)


_Spoken = Annotated[Phrases, BeforeValidator(_phrases)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class Spoken(_Part):
    """What each group means stands in words.yaml."""

    healthy: _Spoken
    severity: _Spoken
    overall: _Spoken
    fault: _Spoken
    lies: _Spoken
    to_do: _Spoken
    open: _Spoken
    closed: _Spoken
    up: _Spoken
    down: _Spoken
    worse: _Spoken
    better: _Spoken
    still: _Spoken
    ahead: _Spoken
    until: _Spoken
    advice: _Spoken
    trouble: _Spoken
    vague: _Spoken
    before: _Spoken
    of_window: _Spoken
    start: _Spoken
    end: _Spoken
    over: _Spoken
    under: _Spoken
    limits: _Spoken
    about: _Spoken
    denied: _Spoken
    causing: _Spoken
    effecting: _Spoken
    mechanism: _Spoken
    unjudged: _Spoken
    told_of: _Spoken
    finite: _Spoken
    every: _Spoken
    no_one: _Spoken
    idle_every: _Spoken
    always: _Spoken
    never: _Spoken
    sole: _Spoken
    none_but: _Spoken
    single: _Spoken
    troubled: _Spoken
    gapless: _Spoken
    typical: _Spoken
    subject: _Spoken
    known: _Spoken
    others: _Spoken
    more: _Spoken
    less: _Spoken
    both: _Spoken
    unjudged_rules: _Spoken
    judged: _Spoken
    pronoun: _Spoken
    missed: _Spoken
    met: _Spoken
    acknowledged: _Spoken
    not_rules: _Spoken
    highest: _Spoken
    lowest: _Spoken
    gravest: _Spoken
    longest: _Spoken
    undecided: _Spoken
    statistic: _Spoken
    earlier: _Spoken
    later: _Spoken
    together: _Spoken
    ceased: _Spoken
    demanded: _Spoken


class Counted(_Part):
    """What is counted, in the singular."""

    finding: Words
    node: Words
    rule: Words
    objective: Words
    limit: Words
    alert: Words


class Numbers(_Part):
    """Number words in their order: from zero to nineteen, and the tens from twenty."""

    small: Listed
    tens: Listed


class UnitWords(_Part):
    """`factor` makes the base unit of the dimension."""

    dimension: Annotated[str, Field(min_length=1)]
    factor: Annotated[float, Field(gt=0)]
    words: Listed


class Lexicon(_Part):
    """All of the file."""

    phrases: Spoken
    multiples: Annotated[dict[str, tuple[float, float]], Field(min_length=1)]
    analyzers: Annotated[dict[str, _Spoken], Field(min_length=1)]
    plain: Words
    beside_causes: Words
    quantities: Annotated[dict[str, tuple[int, int]], Field(min_length=1)]
    counted: Counted
    numbers: Numbers
    months: Annotated[Listed, Field(min_length=12, max_length=12)]
    units: Annotated[tuple[UnitWords, ...], Field(min_length=1)]


def read_lexicon(file: Path) -> Lexicon:
    """Raises OcpperfError with the place of the first fault."""
    try:
        return Lexicon.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
    except ValidationError as fault:
        first = fault.errors(include_input=False, include_url=False)[0]
        place = ".".join(map(str, first["loc"])) or "the file"
        why = first["msg"].removeprefix("Value error, ")
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        place, why = (f"line {mark.line + 1}" if mark else "the file"), "it is no YAML"
    raise OcpperfError(f"{file.name} cannot be used: at {place}, {why}.", "Correct it, or install ocpperf again.")


LEXICON: Final = read_lexicon(FILE)
SPOKEN: Final = LEXICON.phrases
