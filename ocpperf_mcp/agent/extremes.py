"""Claims that something was the highest, the worst, the longest: held against the numbers of all that is comparable."""

import re
from collections.abc import Callable, Iterator

from ocpperf_mcp.agent.clauses import Clause
from ocpperf_mcp.agent.fact import Fact
from ocpperf_mcp.agent.facts import Facts
from ocpperf_mcp.agent.lexicon import LEXICON, SPOKEN, Phrases
from ocpperf_mcp.agent.predicates import titles_of
from ocpperf_mcp.agent.support import LEVELS
from ocpperf_mcp.agent.units import COUNT

Said = tuple[str, str]
_WHY = "the report's numbers do not say that"
_RANKS = {"critical": 3, "warning": 2, "info": 1}
_OF_ITSELF = re.compile(rf"\W+(?:\w[\w-]*\W+){{0,2}}?(?:{SPOKEN.statistic.either})\b", re.IGNORECASE)


def said_of_extremes(clause: Clause, facts: Facts) -> Iterator[Said]:
    """Extremes that the report's numbers contradict, and those of what it does not compare."""
    taken: list[tuple[int, int]] = []
    for phrases, holds in _KINDS:
        for match in phrases.finditer(clause.plain):
            if any(start < match.end() and match.start() < end for start, end in taken):
                continue
            taken.append(match.span())
            is_of_itself = bool(_OF_ITSELF.match(clause.plain, match.end())) and bool(clause.things)
            if not is_of_itself and not holds(clause, facts):
                yield match[0], _WHY


def said_of_the_undecided(clause: Clause, facts: Facts) -> Iterator[Said]:
    """Comparisons and certainties for which the report has no measure."""
    del facts
    for match in SPOKEN.undecided.finditer(clause.plain):
        yield match[0], "the report does not decide that"


def said_of_more(clause: Clause, facts: Facts) -> Iterator[Said]:
    """Comparisons of one thing with another that the numbers do not bear out."""
    for phrases, sign in ((SPOKEN.more, 1), (SPOKEN.less, -1)):
        for match in phrases.finditer(clause.plain):
            if not clause.owns_things or len(clause.things) != 2:
                continue
            levels = _levels(clause, facts)
            one, other = (levels.get(thing) for thing in clause.things)
            if not titles_of(clause, facts) or one is None or other is None or sign * (one - other) <= 0:
                yield match[0], _WHY


def _is_highest(clause: Clause, facts: Facts) -> bool:
    if not titles_of(clause, facts) and not clause.percentiles:
        return _is_gravest(clause, facts)
    levels = _levels(clause, facts)
    return _stands(clause, levels, max(levels.values(), default=0.0))


def _is_lowest(clause: Clause, facts: Facts) -> bool:
    levels = _levels(clause, facts)
    return bool(titles_of(clause, facts)) and _stands(clause, levels, min(levels.values(), default=0.0))


def _stands(clause: Clause, levels: dict[str, float], extreme: float) -> bool:
    """Each thing of the clause has the extreme level; of the cluster as a whole the figure is the extreme."""
    things = () if SPOKEN.overall.search(clause.plain) and not clause.owns_things else clause.things
    if things:
        return all(one in levels and levels[one] == extreme for one in things)
    figures = [one for one in clause.figures if one.dimension != COUNT]
    return bool(levels) and (not figures or any(one.fits(extreme) for one in figures))


def _levels(clause: Clause, facts: Facts) -> dict[str, float]:
    """The greatest level of each thing in what the clause is about, all in one dimension."""
    titles = titles_of(clause, facts) | clause.percentiles
    compared = [fact for fact in facts.facts if fact.things and fact.words and fact.concerns(titles)]
    amounts = [
        (thing, amount)
        for fact in compared
        for thing in fact.things
        for amount in fact.amounts
        if amount.role in LEVELS and amount.dimension != COUNT
    ]
    dimensions = {one.dimension for one in clause.figures} & {amount.dimension for _, amount in amounts}
    dimensions = dimensions or {amount.dimension for _, amount in amounts}
    found: dict[str, float] = {}
    for thing, amount in amounts:
        if len(dimensions) == 1 and amount.dimension in dimensions:
            found[thing] = max(found.get(thing, amount.value), amount.value)
    return found


def _meant(clause: Clause, facts: Facts) -> tuple[list[Fact], list[Fact]]:
    """Findings of what the clause names, and all of them."""
    own = [fact for fact in facts.facts if fact.finding is not None]
    titles, things = titles_of(clause, facts), set(clause.things)
    return [fact for fact in own if fact.concerns(titles) and (not things or fact.things & things)], own


def _is_gravest(clause: Clause, facts: Facts) -> bool:
    """Of a finding its severity, of a thing the severities of all its findings, none other as grave."""
    meant, own = _meant(clause, facts)
    if any(re.search(rf"\b{word}s?\b", clause.plain) for word in LEXICON.counted.finding):
        return bool(meant) and max(map(_rank, meant)) == max(map(_rank, own))
    scores = {thing: _score(thing, own) for fact in own for thing in fact.things}
    best = max(scores.values(), default=())
    gravest = {thing for thing, score in scores.items() if score == best}
    return bool(clause.things) and set(clause.things) <= gravest and len(gravest) == len(set(clause.things))


def _rank(fact: Fact) -> int:
    return _RANKS.get(fact.finding.severity, 0) if fact.finding else 0


def _score(thing: str, own: list[Fact]) -> tuple[int, ...]:
    return tuple(sorted((_rank(fact) for fact in own if thing in fact.things), reverse=True))


def _is_longest(clause: Clause, facts: Facts) -> bool:
    meant, own = _meant(clause, facts)
    held = [fact.finding.held_s for fact in meant if fact.finding]
    return bool(held) and max(held) == max(fact.finding.held_s for fact in own if fact.finding)


_KINDS: tuple[tuple[Phrases, Callable[[Clause, Facts], bool]], ...] = (
    (SPOKEN.gravest, _is_gravest),
    (SPOKEN.longest, _is_longest),
    (SPOKEN.highest, _is_highest),
    (SPOKEN.lowest, _is_lowest),
)
"""The longer phrases first, of which the shorter are a part."""
