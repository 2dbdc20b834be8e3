"""Prose cut into clauses, each with the things and titles it is about."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from ocpperf_mcp.agent.facts import Facts
from ocpperf_mcp.agent.figures import Figure, Moment, blanked, figures, moments
from ocpperf_mcp.agent.lexicon import SPOKEN
from ocpperf_mcp.agent.names import name_spans, nameless, percentiles, title_words

_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
_CLAUSE = re.compile(
    r"[,;:]\s+|\s*[()]\s*|\s+\u2013\s+|\s+\u2014\s*"
    r"|\s+(?:and|while|whereas|but|against|versus|although|because|since(?! \d)|with|when)\s+"
)
_BETWEEN = re.compile(r"\bbetween\s*$", re.IGNORECASE)
_AND = re.compile(r"\s*(?:UTC\s+)?and\s*", re.IGNORECASE)
_NAMES_ONLY = re.compile(r"\W*(?:(?:node|nodes|pod|both|and|or|the|on|of)\W+)*\W*", re.IGNORECASE)
_IDENTIFIER = re.compile(r"[A-Za-z_][\w./@:|-]*\w|\b[0-9a-f]{12,}\b")
_ORDINAL = re.compile(r"\b\d+(?:st|nd|rd|th)\b(?: percentile)?", re.IGNORECASE)


@dataclass(frozen=True)
class Clause:
    """A stretch of a sentence. `things` and `words` are its own or those it takes over from what stands before."""

    text: str
    plain: str
    """The text with names, identifiers and moments blanked out."""
    things: tuple[str, ...]
    words: frozenset[str]
    owns_things: bool
    figures: tuple[Figure, ...]
    moments: tuple[Moment, ...]
    identifiers: tuple[str, ...]
    clusters: tuple[str, ...]
    """Of several in the report those that the clause is about."""
    sentence: str
    """The whole sentence, blanked likewise."""
    of_sentence: frozenset[str]
    """Words of titles and causes in the whole sentence."""
    start: int
    """Place of the clause in the sentence, to which the places of figures and moments refer."""

    @cached_property
    def percentiles(self) -> frozenset[str]:
        return percentiles(self.text)


@dataclass(frozen=True)
class _Read:
    """A sentence and what was recognised in it."""

    text: str
    nameless: str
    plain: str
    names: Sequence[tuple[int, int, str]]
    clusters: Sequence[tuple[int, int, str]]
    figures: tuple[Figure, ...]
    moments: tuple[Moment, ...]
    identifiers: Sequence[tuple[int, int, str]]


def sentences(prose: str) -> list[str]:
    """The sentences of a text, from first to last."""
    return [one for one in map(str.strip, _SENTENCE.split(prose)) if one]


def clauses(prose: str, facts: Facts, carried: tuple[str, ...] = ()) -> Iterator[Clause]:
    """The clauses of a text. A sentence without a thing is about those that were named last, at first the carried."""
    within: tuple[str, ...] = ()
    for sentence in sentences(prose):
        read = _read(sentence, facts)
        found = list(_of_sentence(read, facts, carried, within))
        yield from found
        carried, within = (found[-1].things, found[-1].clusters) if found else (carried, within)


def passages(prose: str, facts: Facts) -> Iterator[tuple[str, Facts]]:
    """The prose, cut where it goes from one cluster to another, each part with the facts that it is about."""
    told, within = list[str](), facts
    for sentence in sentences(prose):
        named = {name for _, _, name in name_spans(sentence, frozenset(facts.by_cluster))}
        now = within if not named else facts.by_cluster[named.pop()] if len(named) == 1 else facts
        if told and now is not within:
            yield " ".join(told), within
            told = []
        told, within = [*told, sentence], now
    yield " ".join(told), within


def _read(sentence: str, facts: Facts) -> _Read:
    sentence = nameless(sentence, facts.sources)
    names = name_spans(sentence, facts.things)
    clusters = name_spans(sentence, frozenset(facts.by_cluster))
    plain = blanked(sentence, [(start, end) for start, end, _ in (*names, *clusters)])
    without_names = plain
    at = moments(plain)
    plain = blanked(plain, [(one.at, one.end) for one in at])
    identifiers = [
        (match.start(), match.end(), match[0]) for match in _IDENTIFIER.finditer(plain) if _is_identifier(match[0])
    ]
    plain = blanked(plain, [(start, end) for start, end, _ in identifiers])
    plain = blanked(plain, [match.span() for match in _ORDINAL.finditer(plain)])
    return _Read(sentence, without_names, plain, names, clusters, figures(plain), at, identifiers)


def _is_identifier(token: str) -> bool:
    """What only names look like: letters with digits, underscores, a path of hyphened parts."""
    return bool(re.search(r"[\d_|@]", token)) or ("/" in token and "-" in token)


def _of_sentence(read: _Read, facts: Facts, carried: tuple[str, ...], within: tuple[str, ...]) -> Iterator[Clause]:
    spans = list(_spans(read))
    own = [_named_in(span, read.names) for span in spans]
    of_clusters = [_named_in(span, read.clusters) for span in spans]
    words = [
        (title_words(read.nameless[first:last]) & facts.words) - percentiles(read.text[first:last])
        for first, last in spans
    ]
    for place, (first, last) in enumerate(spans):
        things = _meant(place, own) or carried
        inherits = not words[place] and not own[place]
        yield Clause(
            text=read.text[first:last],
            plain=read.plain[first:last],
            things=things,
            words=next((known for known in reversed(words[:place]) if known), words[place])
            if inherits
            else words[place],
            owns_things=bool(own[place]),
            figures=tuple(one for one in read.figures if first <= one.at < last),
            moments=tuple(one for one in read.moments if first <= one.at < last),
            clusters=_meant(place, of_clusters) or within,
            identifiers=tuple(name for start, _, name in read.identifiers if first <= start < last),
            sentence=read.plain,
            of_sentence=frozenset().union(*words),
            start=first,
        )


def _named_in(span: tuple[int, int], names: Sequence[tuple[int, int, str]]) -> tuple[str, ...]:
    return tuple(name for start, _, name in names if span[0] <= start < span[1])


def _meant(place: int, own: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """The names of a clause, else those of the nearest before it, else of the nearest after it."""
    return next((names for names in (own[place], *reversed(own[:place]), *own[place + 1 :]) if names), ())


def _spans(read: _Read) -> Iterator[tuple[int, int]]:
    """Clauses of the sentence; a figure, a name or a range is never cut, and names alone go with what follows."""
    whole = [(one[0], one[1]) for one in read.names]
    whole += [(figure.at, figure.end) for figure in read.figures] + [(moment.at, moment.end) for moment in read.moments]
    whole += [
        (one.at, other.end)
        for one, other in zip(read.moments, read.moments[1:], strict=False)
        if _BETWEEN.search(read.text[: one.at]) and _AND.fullmatch(read.text[one.end : other.at])
    ]
    whole += [match.span() for match in SPOKEN.none_but.finditer(read.plain)]
    first = 0
    for match in _CLAUSE.finditer(read.text):
        if any(start < match.end() and match.start() < end for start, end in whole):
            continue
        if not _NAMES_ONLY.fullmatch(read.plain[first : match.start()]):
            yield first, match.start()
            first = match.end()
    if read.text[first:].strip():
        yield first, len(read.text)
