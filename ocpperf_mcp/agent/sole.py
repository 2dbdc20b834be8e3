"""Claims that something holds of one thing and of no other, and lists that name a thing twice."""

import re
from collections.abc import Iterator

from ocpperf_mcp.agent.clauses import Clause
from ocpperf_mcp.agent.counting import is_count
from ocpperf_mcp.agent.facts import Facts
from ocpperf_mcp.agent.lexicon import LEXICON, SPOKEN
from ocpperf_mcp.agent.names import name_spans
from ocpperf_mcp.agent.predicates import borne_out, is_judged, nodes_of, titles_of
from ocpperf_mcp.agent.stated_counts import singular

Said = tuple[str, str]
_BESIDE_FIGURE = re.compile(r"\s*(?:at|from|between|for|about|in|until|since|to|of|some|the)?\s*")
_A_FINDING = re.compile(
    rf"\W+(?:(?P<severity>critical|warning|info)\W+)?(?:{'|'.join(LEXICON.counted.finding)})s?\b", re.IGNORECASE
)
_OF_CAUSES = re.compile(r"\W+(?:\w+\W+){0,2}?(?:causes?|explanations?|rivals?)\b", re.IGNORECASE)
_LISTED = re.compile(r"\W*(?:(?:and|or|both|node|as well as)\W+)*", re.IGNORECASE)


def said_of_one_alone(clause: Clause, facts: Facts) -> Iterator[Said]:
    """What the clause says of its things alone, where the report says it of others too, or does not know."""
    single = SPOKEN.single.search(clause.plain)
    if single is not None and not _is_single(single.end(), clause, facts):
        yield single[0], "the report counts otherwise"
    for match in SPOKEN.sole.finditer(clause.plain):
        if single is not None or _is_of_a_figure(match, clause) or SPOKEN.not_rules.search(clause.plain):
            continue
        if _OF_CAUSES.match(clause.plain, match.end()):
            if _has_rivals(clause, facts):
                yield match[0], "the report gives another cause"
        elif not _holds(clause, facts) or not _is_sole_finding(clause.plain[match.end() :], clause, facts):
            yield match[0], "the report says it of others too, or does not know it of them"


def _has_rivals(clause: Clause, facts: Facts) -> bool:
    """Whether a finding that the clause is about has more causes than one; so where there is no such finding."""
    titles, things = titles_of(clause, facts), set(clause.things)
    own = [fact for fact in facts.facts if fact.concerns(titles) and (not things or fact.things & things)]
    found = [fact.finding for fact in own if fact.finding and fact.finding.root_causes]
    return not found or any(len(one.root_causes) > 1 or one.root_causes[0].rivals for one in found)


def named_twice(clause: Clause, facts: Facts) -> Iterator[Said]:
    """A thing that one list names twice."""
    listed: list[str] = []
    end = 0
    for start, stop, name in name_spans(clause.text, facts.things):
        listed = listed if _LISTED.fullmatch(clause.text[end:start]) else []
        if name in listed:
            yield name, "this list names it twice"
        listed, end = [*listed, name], stop


def _is_of_a_figure(match: re.Match[str], clause: Clause) -> bool:
    """`only 20 %`, `only from 10:00`."""
    end = clause.start + match.end()
    spaces = _BESIDE_FIGURE.match(clause.sentence, end)
    last = spaces.end() if spaces else end
    at_figures = [*(one.at for one in clause.figures), *(one.at for one in clause.moments)]
    return any(end <= at <= last for at in at_figures)


def _holds(clause: Clause, facts: Facts) -> bool:
    found, things = borne_out(clause, facts), frozenset(clause.things)
    if re.search(r"\bnothing\b", clause.plain, re.IGNORECASE):
        # What holds of nothing else leaves no finding of anything else.
        findings = [fact for fact in facts.facts if fact.finding is not None]
        return all(fact in found and fact.things & things for fact in findings) and is_judged(clause, facts)
    is_of_these = bool(found) and all(fact.things & things for fact in found)
    is_of_each = all(any(thing in fact.things for fact in found) for thing in things)
    return is_of_these and is_of_each and (_is_of_findings(clause) or is_judged(clause, facts))


def _is_single(end: int, clause: Clause, facts: Facts) -> bool:
    """Whether there is one of what follows that place of the clause."""
    found = borne_out(clause, facts)
    words = [singular(one) for one in re.findall(r"[A-Za-z][\w-]*", clause.plain[end:])[:4]]
    if any(word in LEXICON.counted.finding for word in words):
        return len([fact for fact in found if fact.finding is not None]) == 1
    if any(word in LEXICON.counted.node for word in words):
        return len(nodes_of(found)) == 1
    return is_count(1, clause.start + end, clause, facts)


def _is_sole_finding(after: str, clause: Clause, facts: Facts) -> bool:
    """Of `the only critical finding`: whether there is one, and it is of the things that the clause names."""
    match = _A_FINDING.match(after)
    if match is None:
        return True
    severity = (match["severity"] or "").lower()
    found = [fact for fact in facts.facts if fact.finding and severity in ("", fact.finding.severity)]
    return len(found) == 1 and found[0].things >= set(clause.things)


def _is_of_findings(clause: Clause) -> bool:
    """What is found is known, where what is at fault is not."""
    return any(re.search(rf"\b{word}s?\b", clause.sentence, re.IGNORECASE) for word in LEXICON.counted.finding)
