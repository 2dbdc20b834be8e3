"""Claims about all, each or none of the nodes, findings, rules and objectives, and about always and never."""

import re
from collections.abc import Callable, Iterator, Sequence

from ocpperf_mcp.agent.clauses import Clause
from ocpperf_mcp.agent.counting import alert_count, is_count
from ocpperf_mcp.agent.fact import Fact
from ocpperf_mcp.agent.facts import Facts
from ocpperf_mcp.agent.lexicon import LEXICON, SPOKEN, Phrases
from ocpperf_mcp.agent.names import names_analyzer
from ocpperf_mcp.agent.predicates import borne_out, is_clear, is_judged, node_count, nodes_of, titles_of
from ocpperf_mcp.agent.stated_counts import singular
from ocpperf_mcp.report.model import AnalyzerState, Finding

Said = tuple[str, str]
_WHY = "the report does not say that of all of them"
_ELSEWHERE = (SPOKEN.idle_every, SPOKEN.sole)
"""Idioms, and what another check is about."""
_OF = re.compile(r"\b(?:of|among|across)\s*$", re.IGNORECASE)
_WITHIN = re.compile(
    rf"\b(?:within|under|below) (?:(?:its|the|their|all|any|a|published|{'|'.join(LEXICON.counted.finding)}) )*"
    rf"(?:{'|'.join(LEXICON.counted.limit)})s?\b",
    re.IGNORECASE,
)
_REACH = 3
"""Words from `all` to what it is all of."""
_JUST_NOT = re.compile(r"\b(?:not|nor|cannot|could not be judged in)\W+$", re.IGNORECASE)


def said_of_all(clause: Clause, facts: Facts) -> Iterator[Said]:
    """Claims about all or none that the report does not bear out, and those that it cannot decide."""
    idle = [match.span() for phrases in _ELSEWHERE for match in phrases.finditer(clause.plain)]
    for phrases, is_none in ((SPOKEN.every, False), (SPOKEN.no_one, True)):
        for match in phrases.finditer(clause.plain):
            if any(start <= match.start() < end for start, end in idle) or _is_compared(match, clause):
                continue
            noun = _noun(clause.plain[match.end() :])
            is_denied = bool(_JUST_NOT.search(clause.plain[: match.start()]))
            holds = _none(noun, clause, facts) if is_none else _all(noun, clause, facts)
            if holds is is_denied:
                yield match[0], _WHY


def said_of_always(clause: Clause, facts: Facts) -> Iterator[Said]:
    """Always, never, and plain denials of a fault of things that the report names."""
    always, never = SPOKEN.always.search(clause.plain), SPOKEN.never.search(clause.plain)
    if always is not None and not _lasted(clause, facts):
        yield always[0], "the report does not say that it was so all the time"
    if never is not None and not (clause.things and all(is_clear(one, clause, facts) for one in clause.things)):
        yield never[0], "the report does not show that it never was so"
    inside = _WITHIN.search(clause.plain) if clause.things and not _is_hedged(clause) else None
    if inside is not None and not all(is_clear(one, clause, facts) for one in clause.things):
        yield inside[0], "the report does not show the thing within its limit"
    others = SPOKEN.others.search(clause.plain)
    if others is not None and not _is_hedged(clause) and not _is_of_these_alone(clause, facts):
        yield others[0], "the report says it of others too, or does not know it of them"
    denied = _denied_fault(clause)
    if denied and not all(is_clear(one, clause, facts) for one in clause.things):
        yield denied, "the report does not show the thing without it"


def said_of_both(clause: Clause, facts: Facts) -> Iterator[Said]:
    """Both nodes, both findings: two, as the report must count them."""
    for match in SPOKEN.both.finditer(clause.plain):
        is_counted = _noun(clause.plain[match.end() :]) in ("node", "finding", "rule", "objective")
        if is_counted and not is_count(2, clause.start + match.end(), clause, facts):
            yield match[0], "the report counts otherwise"


def _is_hedged(clause: Clause) -> bool:
    return bool(SPOKEN.until.search(clause.plain) or SPOKEN.advice.search(clause.plain))


def _is_of_these_alone(clause: Clause, facts: Facts) -> bool:
    """Whether the things that were named are all that the report says it of."""
    titles = titles_of(clause, facts)
    found = [fact for fact in facts.facts if fact.finding is not None and fact.concerns(titles)]
    return bool(clause.things) and nodes_of(found) <= set(clause.things) and is_judged(clause, facts)


def _is_compared(match: re.Match[str], clause: Clause) -> bool:
    """`the highest of all nodes`."""
    extremes = (SPOKEN.highest, SPOKEN.lowest, SPOKEN.gravest, SPOKEN.longest)
    is_of = bool(_OF.search(clause.plain[: match.start()]))
    return is_of and any(phrases.search(clause.plain[: match.start()]) for phrases in extremes)


def _noun(after: str) -> str:
    """What the claim is about: a kind of the lexicon; empty where it is none of those."""
    words = [singular(word) for word in re.findall(r"[A-Za-z][\w-]*", after)[: _REACH + 1]]
    for word in words:
        for kind in ("node", "finding", "rule", "objective", "limit", "alert"):
            if word in getattr(LEXICON.counted, kind):
                return kind
    return "hour" if "hour" in words else ""


def _all(noun: str, clause: Clause, facts: Facts) -> bool | None:
    """Whether it holds of all; None where that is for another check to say."""
    match noun:
        case "node":
            return _of_all_nodes(clause, facts)
        case "finding":
            return _of_all_findings(clause, facts)
        case "rule":
            return all(one.rules_unjudged == 0 and one.judged == 1 for one in facts.report.states)
        case "objective":
            verdicts = [fact for fact in facts.facts if fact.text == "objectives"]
            return bool(verdicts) and all(fact.is_met for fact in verdicts)
        case "hour":
            # Of `all 2 of 2 hours` the counts are held against the report.
            return None if len(clause.figures) > 1 else _of_all_hours(clause, facts)
    return None if clause.owns_things and clause.figures else False


def _of_all_hours(clause: Clause, facts: Facts) -> bool:
    if re.search(r"\bjudged\b", clause.sentence):
        return all(one.judged == 1 for one in facts.report.states)
    is_of_data = re.search(r"\bcollected\b", clause.sentence) is not None
    return is_of_data and all(one.coverage == 1 for one in facts.report.data)


def _of_all_nodes(clause: Clause, facts: Facts) -> bool:
    if SPOKEN.met.search(clause.sentence) and not SPOKEN.missed.search(clause.sentence):
        titles = titles_of(clause, facts)
        shown = [
            fact for fact in facts.facts if fact.things and fact.concerns(titles) and (fact.is_met or fact.is_missed)
        ]
        return len(nodes_of(shown)) >= node_count(clause, facts) and all(fact.is_met for fact in shown)
    return len(nodes_of(borne_out(clause, facts))) >= node_count(clause, facts)


def _of_all_findings(clause: Clause, facts: Facts) -> bool:
    """Each finding is acknowledged, closed, open, of the severity or of the things that the clause says."""
    said, things = clause.sentence, frozenset(clause.things)
    asked: list[tuple[Phrases, Callable[[Finding], bool]]] = [
        (SPOKEN.acknowledged, lambda one: one.acknowledged),
        (SPOKEN.closed, lambda one: not one.open),
        (SPOKEN.ceased, lambda one: not one.open),
        (SPOKEN.open, lambda one: one.open),
    ]
    meant: list[Callable[[Finding], bool]] = [holds for phrases, holds in asked if phrases.search(said)]
    severities = {one[0].lower() for one in SPOKEN.severity.finditer(said)}
    if severities:
        meant.append(lambda one: one.severity in severities)
    if clause.owns_things:
        meant.append(lambda one: bool({one.entity, one.node} & things))
    return bool(meant) and all(holds(one) for one in facts.report.findings for holds in meant)


def _none(noun: str, clause: Clause, facts: Facts) -> bool | None:
    match noun:
        case "node":
            return not borne_out(clause, facts) and is_judged(clause, facts)
        case "finding":
            return _no_finding(clause, facts)
        case "rule":
            return _no_rule(clause, facts)
        case "objective":
            return _no_objective(facts, is_met=not SPOKEN.missed.search(clause.sentence))
        case "limit":
            return _no_limit(clause, facts)
        case "alert":
            return alert_count(facts) == 0
    if SPOKEN.worse.search(clause.plain):
        return not any(fact.text == "worse" for fact in facts.facts)
    return None


def _no_rule(clause: Clause, facts: Facts) -> bool:
    states = _states_named(clause, facts)
    if SPOKEN.unjudged_rules.search(clause.sentence):
        return all(one.judged == 1 for one in states)
    if SPOKEN.judged.search(clause.sentence):
        return all(one.judged == 0 for one in states)
    return all(one.state == "healthy" for one in states)


def _no_objective(facts: Facts, *, is_met: bool) -> bool:
    verdicts = [fact for fact in facts.facts if fact.text == "objectives"]
    return all((fact.is_missed if is_met else fact.is_met) for fact in verdicts)


def _states_named(clause: Clause, facts: Facts) -> Sequence[AnalyzerState]:
    """Those of the analyzers that the sentence names; all where it names none."""
    states = facts.report.states
    named = [one for one in states if names_analyzer(clause.sentence, one.analyzer)]
    return named or states


def _no_finding(clause: Clause, facts: Facts) -> bool:
    found: list[Fact] = [fact for fact in borne_out(clause, facts) if not clause.owns_things or _is_own(fact, clause)]
    if SPOKEN.open.search(clause.sentence):
        return not any(fact.finding and fact.finding.open for fact in found)
    if SPOKEN.acknowledged.search(clause.sentence):
        return not any(fact.finding and fact.finding.acknowledged for fact in found)
    if SPOKEN.severity.search(clause.sentence) or clause.owns_things or titles_of(clause, facts):
        return not found
    return not facts.report.findings


def _is_own(fact: Fact, clause: Clause) -> bool:
    return bool(fact.things & set(clause.things))


def _no_limit(clause: Clause, facts: Facts) -> bool | None:
    if clause.owns_things:
        return all(is_clear(one, clause, facts) for one in clause.things)
    return all(one.state == "healthy" for one in _states_named(clause, facts))


def _lasted(clause: Clause, facts: Facts) -> bool:
    """What is said was so from the first to the last moment of the window, of each thing."""
    window = facts.report.window
    if not clause.things:
        return False
    if SPOKEN.under.search(clause.plain) and not SPOKEN.over.search(clause.plain):
        return all(is_clear(one, clause, facts) for one in clause.things)
    spans = {
        thing: [fact.span for fact in borne_out(clause, facts) if fact.finding and thing in fact.things]
        for thing in clause.things
    }
    return all(any(start <= window.start and end >= window.end for start, end in own) for own in spans.values())


def _denied_fault(clause: Clause) -> str:
    if not clause.owns_things or SPOKEN.not_rules.search(clause.plain) or _is_hedged(clause):
        return ""
    match = re.search(
        rf"\b(?:not|n't|without)(?: \w+)? (?:{SPOKEN.fault.either}|{SPOKEN.trouble.either}|{SPOKEN.over.either})",
        clause.plain,
        re.IGNORECASE,
    )
    return match[0] if match else ""
