"""Figures and moments of prose, normalised: what is said, in base units, and how exactly it is said.

A figure claims an interval: `1.9 s` is all that rounds to it, 1.85 to 1.95 s; `about` widens it to a twentieth of the
value. `8 to 16 ms` is two figures that share a unit, `1 h 30 min` one, `three nodes` a count.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ocpperf_mcp.agent.lexicon import LEXICON, SPOKEN
from ocpperf_mcp.agent.units import COUNT, IN_PROSE, SHARE, TIME, TIMES, Unit

_WORDS = {word: number for number, word in enumerate(LEXICON.numbers.small)}
_TENS = {word: 10 * number for number, word in enumerate(LEXICON.numbers.tens, 2)}
_ONES = "|".join(name for name, number in _WORDS.items() if number)
_AN = r"an?(?= (?:half|dozen|hour|minute|day|week)\b)|half an"
_WORD = rf"(?:{'|'.join(_TENS)})(?:[- ](?:{_ONES}))?|(?:{'|'.join(_WORDS)})|{_AN}"
_DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?(?:e[+-]?\d+)?"
_UNIT = "|".join(re.escape(name) for name in sorted(IN_PROSE, key=len, reverse=True))
_FIGURE = re.compile(
    rf"(?<![\w.,/:])(?P<sign>(?<!\w)[-\u2212](?=\d))?(?:(?P<digits>{_DIGITS})|(?P<word>\b(?:{_WORD})(?=\b|fold)))"
    rf"(?:[ \u00a0\u202f-]?(?P<unit>{_UNIT})(?![\w/]))?(?!\w)",
    re.IGNORECASE,
)
_COMPOUND = re.compile(r"(?<!\w)(?:\d+[dhms]){2,}(?!\w)")
_RANGE = re.compile(r"\s*(?:-|\u2013|\u2014|to|and|or)\s*", re.IGNORECASE)
_SHARED = re.compile(r" of \d")
_ABOUT = re.compile(rf"\b(?:{SPOKEN.about.either}|ca\.)(?: an?)?\s*$|[~\u2248]\s*$", re.IGNORECASE)
_TOGETHER = re.compile(r"\s*(?:and\s+)?", re.IGNORECASE)
_TWICE = re.compile(
    r"\b(?P<twice>twice|double)\b|\b(?P<half>half)(?= (?:of|the)\b)|\b(?P<thrice>thrice|triple)\b", re.I
)
_QUANTITY = re.compile(rf"\b(?:{'|'.join(LEXICON.quantities)})\b", re.IGNORECASE)
_DATE = r"(?P<date>\d{4}-\d{2}-\d{2})"
_CLOCK = (
    r"(?P<clock>\d{1,2}:\d{2})(?::\d{2})?(?:Z| ?UTC)?(?: ?(?P<half>[ap])\.?m\.?)?"
    r"|(?P<hour>\d{1,2}) ?(?P<noon>[ap])\.?m\b\.?"
)
_MOMENT = re.compile(rf"(?<![\w:])(?:{_DATE}(?:[T ](?:{_CLOCK.replace('(?P<', '(?P<d_')}))?|(?:{_CLOCK}))(?!\w)", re.I)
_MONTHS = LEXICON.months
_DAY = re.compile(
    rf"\b(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<month>{'|'.join(_MONTHS)})"
    rf"|(?P<month_first>{'|'.join(_MONTHS)}) (?P<day_after>\d{{1,2}})(?:st|nd|rd|th)?)\b(?!:)(?: (?P<year>\d{{4}})\b)?",
    re.IGNORECASE,
)
_ABOUT_SHARE = 0.05


@dataclass(frozen=True)
class Figure:
    """`value` and `half` are in the base unit of the dimension; `at` and `end` are places in the text."""

    text: str
    value: float
    half: float
    dimension: str
    at: int
    end: int
    scale: float = 1.0
    """What one of its unit is in the base unit."""

    def fits(self, number: float) -> bool:
        """Whether the number rounds to what is said."""
        return abs(number - self.value) <= self.half * (1 + 1e-9) + 1e-12


@dataclass(frozen=True)
class Moment:
    """A date, a time of day, or both; the part that is not said is empty."""

    text: str
    date: str
    clock: str
    at: int
    end: int


def figures(text: str) -> tuple[Figure, ...]:
    """The figures of a text, from left to right. Moments and names must have been blanked out."""
    compound = tuple(map(_compound, _COMPOUND.finditer(text)))
    text = blanked(text, [(one.at, one.end) for one in compound])
    plain = [_read(match, text) for match in _FIGURE.finditer(text)]
    found = _joined([one for one in plain if one is not None], text)
    return tuple(sorted((*compound, *found, *_multiples(text), *_quantities(text)), key=lambda one: one.at))


def moments(text: str) -> tuple[Moment, ...]:
    """Dates and times of day of a text, from left to right; `May 4` without a year is -05-04."""
    found = [*map(_moment, _MOMENT.finditer(text)), *map(_day, _DAY.finditer(text))]
    return tuple(sorted(found, key=lambda one: one.at))


def blanked(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """The text with those stretches as spaces, so that places stay what they are."""
    for start, end in spans:
        text = f"{text[:start]}{' ' * (end - start)}{text[end:]}"
    return text


def _read(match: re.Match[str], text: str) -> Figure | None:
    digits, word, unit = match["digits"], match["word"], (match["unit"] or "").lower()
    of_unit = _unit(match["unit"] or "", unit)
    value, step = _number(digits) if digits else _worded(word.lower())
    if (
        word
        and word.lower() in ("a", "an", "one")
        and of_unit.dimension == COUNT
        and not _SHARED.match(text, match.end())
    ):
        return None
    value = -value if match["sign"] else value
    half = step / 2 * of_unit.factor
    if _ABOUT.search(text[: match.start()]):
        half = max(half, abs(value) * _ABOUT_SHARE * of_unit.factor)
    return Figure(match[0], value * of_unit.factor, half, of_unit.dimension, match.start(), match.end(), of_unit.factor)


def _compound(match: re.Match[str]) -> Figure:
    """`1h30m`, as exact as its last unit."""
    parts = re.findall(r"(\d+)([dhms])", match[0])
    scale = IN_PROSE[parts[-1][1]].factor
    value = sum(int(count) * IN_PROSE[sign].factor for count, sign in parts)
    return Figure(match[0], value, scale / 2, TIME, match.start(), match.end(), scale)


def _unit(written: str, lowered: str) -> Unit:
    """A small b in a rate is a bit; in all other units case tells nothing."""
    if not lowered:
        return Unit(COUNT, 1)
    if written.endswith("b/s") and "ib" not in lowered and "bit" not in lowered:
        return IN_PROSE.get(lowered.replace("b/s", "bit/s"), IN_PROSE[lowered])
    return IN_PROSE[lowered]


def _number(digits: str) -> tuple[float, float]:
    """The number, and what one of its last digit is."""
    plain = digits.replace(",", "").lower()
    mantissa, _, exponent = plain.partition("e")
    decimals = len(mantissa.partition(".")[2])
    return float(plain), 10.0 ** (int(exponent or 0) - decimals)


def _worded(word: str) -> tuple[float, float]:
    if word == "half an":
        return 0.5, 0.1
    if word in ("a", "an"):
        return 1.0, 1.0
    parts = re.split("[- ]", word)
    return float(sum(_TENS.get(part, _WORDS.get(part, 0)) for part in parts)), 1.0


def _joined(found: list[Figure], text: str) -> Iterator[Figure]:
    """Ranges share the unit of their end; hours and the minutes that follow them are one figure."""
    place = 0
    while place < len(found):
        one, after = found[place], found[place + 1] if place + 1 < len(found) else None
        between = text[one.end : after.at] if after else ""
        if after and one.dimension == COUNT != after.dimension and _RANGE.fullmatch(between):
            one = replace(one, value=one.value * after.scale, half=one.half * after.scale, dimension=after.dimension,
                          scale=after.scale)  # fmt: skip
        elif (
            after
            and one.dimension == after.dimension == TIME
            and after.scale < one.scale
            and _TOGETHER.fullmatch(between)
        ):
            one = replace(after, text=text[one.at : after.end], value=one.value + after.value, at=one.at)
            place += 1
        yield one
        place += 1


def _multiples(text: str) -> Iterator[Figure]:
    for match in _TWICE.finditer(text):
        if match["half"]:
            yield Figure(match[0], 0.5, 0.05, SHARE, match.start(), match.end())
        else:
            value = 2.0 if match["twice"] else 3.0
            yield Figure(match[0], value, 0.15, TIMES, match.start(), match.end())


def _quantities(text: str) -> Iterator[Figure]:
    for match in _QUANTITY.finditer(text):
        least, most = LEXICON.quantities[match[0].lower()]
        yield Figure(match[0], (least + most) / 2, (most - least) / 2, COUNT, match.start(), match.end())


def _moment(match: re.Match[str]) -> Moment:
    said = {name.removeprefix("d_"): part for name, part in match.groupdict().items() if part}
    clock = said.get("clock") or (f"{said['hour']}:00" if "hour" in said else "")
    half = (said.get("half") or said.get("noon") or "").lower()
    if clock:
        hour, minute = clock.split(":")
        clock = f"{int(hour) % 12 + (12 if half == 'p' else 0) if half else int(hour):02}:{minute}"
    return Moment(match[0], said.get("date", ""), clock, match.start(), match.end())


def _day(match: re.Match[str]) -> Moment:
    month = _MONTHS.index((match["month"] or match["month_first"]).lower()) + 1
    day = int(match["day"] or match["day_after"])
    return Moment(match[0], f"{match['year'] or ''}-{month:02}-{day:02}", "", match.start(), match.end())
