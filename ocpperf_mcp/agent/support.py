"""Which facts bear out a figure or a moment, given what its clause is about and which role it plays there."""

import re
from collections.abc import Iterator

from ocpperf_mcp.agent.clauses import Clause
from ocpperf_mcp.agent.fact import Amount, Fact, Role
from ocpperf_mcp.agent.facts import Facts
from ocpperf_mcp.agent.figures import Figure, Moment
from ocpperf_mcp.agent.lexicon import SPOKEN
from ocpperf_mcp.agent.units import COUNT, SHARE, TIMES

_IS = r"(?: (?:of|is|was|at|being)| \w+ (?:is|was)| (?:of|for|on)\s+(?:\w+\s+){0,2}(?:is|was))?(?: only)?\s*$"
_LIMIT_BEFORE = re.compile(rf"\b(?:{SPOKEN.limits.either}){_IS}", re.IGNORECASE)
_LIMIT_AFTER = re.compile(
    rf"^[\s-]*(?:is (?:its|the) |published |upper |lower |critical |warning )?(?:{SPOKEN.limits.either})\b",
    re.IGNORECASE,
)
_LEADS = rf"(?: (?:its|the|a|an|published))*\s*(?:(?:{SPOKEN.limits.either}) of)?\s*(?:the |its )?$"
_OVER = re.compile(rf"\b(?:{SPOKEN.over.either}){_LEADS}", re.IGNORECASE)
_UNDER = re.compile(rf"\b(?:{SPOKEN.under.either}){_LEADS}", re.IGNORECASE)
_START = re.compile(rf"\b(?:{SPOKEN.start.either})(?: \w+)?\W*$", re.IGNORECASE)
_END = re.compile(rf"\b(?:{SPOKEN.end.either})(?: \w+)?\W*$", re.IGNORECASE)


_OF_SEVERITY = re.compile(r"\b(critical|warning) finding\b", re.IGNORECASE)
LEVELS = frozenset({"level", "peak"})


def about(clause: Clause) -> str:
    """Words for a refusal."""
    return f" of {', '.join(clause.things)}" if clause.things else ""


def facts_for(clause: Clause, facts: Facts) -> Iterator[tuple[Fact, ...]]:
    """For each thing of the clause the facts that may bear it out; of a clause without things all that may."""
    titles = clause.words & facts.titles
    most = max((len(titles & fact.words) for fact in facts.facts), default=0)
    fitting = [fact for fact in facts.facts if _fits(clause, fact, titles, most)]
    is_of_title = clause.owns_things or bool(titles) or bool(_OF_SEVERITY.search(clause.plain))
    is_wide = not is_of_title or bool(SPOKEN.of_window.search(clause.sentence))
    whole = [fact for fact in facts.facts if not fact.things] if is_wide else []
    for thing in clause.things:
        yield (*(fact for fact in fitting if thing in fact.things), *whole)
    if not clause.things:
        # What has neither things nor words is of the whole window.
        yield (*(fact for fact in fitting if fact.things or fact.words), *whole)


def _fits(clause: Clause, fact: Fact, titles: frozenset[str], most: int) -> bool:
    """Whether the fact is about the quantiles that the clause names, and about its title.

    That is so with more than half of the title words; with fewer where they are two or more, and no fact has more.
    """
    severity = _OF_SEVERITY.search(clause.plain)
    if severity and (fact.finding is None or fact.finding.severity != severity[1].lower()):
        return False
    if clause.percentiles and fact.words and not clause.percentiles <= fact.words:
        return False
    if titles and fact.words:
        shared = len(titles & fact.words)
        return 2 * shared > len(titles) or 2 <= shared == most
    return not clause.words or not fact.words or bool(clause.words & fact.causes)


def is_stated(clause: Clause, facts: Facts, figure: Figure) -> bool:
    """Whether each thing of the clause has that figure, in the role that the words around it give it."""
    if figure.dimension == SHARE and re.search(r"\bcoverage\b", clause.plain, re.IGNORECASE):
        return _is_coverage(clause, facts, figure)
    return all(any(_bears(fact, clause, figure) for fact in found) for found in facts_for(clause, facts))


def _is_coverage(clause: Clause, facts: Facts, figure: Figure) -> bool:
    """Of the data as a whole, or of a finding of the things that the clause names."""
    things = set(clause.things) if clause.owns_things else set()
    found = [fact.finding.coverage for fact in facts.facts if fact.finding and fact.things & things]
    known = found if things else [one.coverage for one in facts.report.data]
    return any(one is not None and figure.fits(one) for one in known)


def _bears(fact: Fact, clause: Clause, figure: Figure) -> bool:
    before, after = clause.sentence[: figure.at], clause.sentence[figure.end :]
    side = 1 if _OVER.search(before) else -1 if _UNDER.search(before) else 0
    matched = {
        amount.role
        for amount in fact.amounts
        if amount_fits(figure, amount) and (amount.role == "limit" or side * (amount.value - figure.value) >= 0)
    }
    if _LIMIT_BEFORE.search(before) or _LIMIT_AFTER.search(after):
        is_compared = bool(_OVER.search(before) or _UNDER.search(before))
        return "limit" in matched and (not is_compared or _is_right_side(fact, before))
    if figure.dimension == TIMES:
        return "other" in matched
    if (_OVER.search(before) or _UNDER.search(before)) and "limit" in matched:
        return _is_right_side(fact, before)
    if SPOKEN.typical.search(clause.plain) and fact.things and fact.statistic != "mean" and matched & LEVELS:
        return False
    level: set[Role] = {"level"} if SPOKEN.typical.search(clause.plain) else {"level", "peak"}
    roles: set[Role] = {"before"} if _is_of_before(clause, before, after) else level
    return bool(matched & (roles | {"other"}))


def _is_of_before(clause: Clause, before: str, after: str) -> bool:
    near = f"{before[clause.start :][-40:]} {after[: len(clause.text)][:40]}"
    return bool(SPOKEN.before.search(near if len(clause.figures) > 1 else f"{clause.plain}")) and not re.match(
        r"^[^,]{0,12}\bafter\b", after
    )


def _is_right_side(fact: Fact, before: str) -> bool:
    """Whether the level is on the side of the limit that is said."""
    levels = [amount.value for amount in fact.amounts if amount.role in LEVELS]
    limits = [amount.value for amount in fact.amounts if amount.role == "limit"]
    if not levels or not limits:
        return True
    return max(levels) >= limits[0] if _OVER.search(before) else max(levels) <= limits[0]


def amount_fits(figure: Figure, amount: Amount) -> bool:
    """Same dimension, and the amount rounds to the figure; a share may be written as a bare number."""
    same = figure.dimension == amount.dimension or (figure.dimension == COUNT and amount.dimension == SHARE)
    return same and figure.fits(amount.value)


def is_stated_pair(clause: Clause, facts: Facts, before: Figure, after: Figure) -> bool:
    """Whether the report states that change, in that direction."""

    def bears(fact: Fact) -> bool:
        if fact.change is None:
            return False
        was = any(one.role == "before" and amount_fits(before, one) for one in fact.amounts)
        return was and any(one.role == "level" and amount_fits(after, one) for one in fact.amounts)

    return all(any(map(bears, found)) for found in facts_for(clause, facts))


def is_stated_moment(clause: Clause, facts: Facts, moment: Moment) -> bool:
    """Whether something of the clause's things began, ended or was seen then."""
    before = clause.sentence[: moment.at]
    return all(any(_bears_moment(fact, before, moment) for fact in found) for found in facts_for(clause, facts))


def _bears_moment(fact: Fact, before: str, moment: Moment) -> bool:
    known = fact.moments
    if len(known) == 2:
        known = known[:1] if _START.search(before) else known[1:] if _END.search(before) else known
    return any(
        (not moment.date or f"{at:%Y-%m-%d}".endswith(moment.date))
        and (not moment.clock or f"{at:%H:%M}" == moment.clock)
        for at in known
    )
