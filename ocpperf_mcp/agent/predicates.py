"""What a clause says of things, as the facts that bear it out: findings, missed objectives, changes for the worse."""

import re

from ocpperf_mcp.agent.clauses import Clause
from ocpperf_mcp.agent.fact import Fact
from ocpperf_mcp.agent.facts import Facts
from ocpperf_mcp.agent.lexicon import LEXICON, SPOKEN
from ocpperf_mcp.agent.support import LEVELS, amount_fits
from ocpperf_mcp.agent.units import COUNT

_OBJECTIVE = re.compile(rf"\b(?:{'|'.join(LEXICON.counted.objective)})s?\b", re.IGNORECASE)
_MEMBERS = re.compile(r"\bmembers\b|\b(?:each|every) member\b", re.IGNORECASE)
_SEVERITIES = frozenset({"critical", "warning"})


def borne_out(clause: Clause, facts: Facts) -> list[Fact]:
    """All facts of which the report says what the clause says, whatever thing they are of."""
    said, titles = clause.sentence, titles_of(clause, facts)
    of_title = [fact for fact in facts.facts if fact.things and fact.concerns(titles)]
    if SPOKEN.missed.search(said):
        return [fact for fact in of_title if fact.is_missed and _has_limit(fact, clause)]
    if SPOKEN.worse.search(said) or SPOKEN.up.search(said):
        return [fact for fact in of_title if fact.text == "worse"]
    severities = {one[0].lower() for one in SPOKEN.severity.finditer(said)} & _SEVERITIES
    found = [fact for fact in of_title if fact.finding is not None]
    return [fact for fact in found if fact.finding and (not severities or fact.finding.severity in severities)]


def titles_of(clause: Clause, facts: Facts) -> frozenset[str]:
    """Words of titles in the clause, else in its sentence."""
    return (clause.words or clause.of_sentence) & facts.titles


def is_judged(clause: Clause, facts: Facts) -> bool:
    """Whether the report knows of all things whether the clause holds: of a title by its rules, else by all rules."""
    titles = titles_of(clause, facts)
    if SPOKEN.missed.search(clause.sentence):
        verdicts = [fact for fact in facts.facts if fact.text == "objectives" and fact.concerns(titles)]
        return all(fact.is_met or fact.is_missed for fact in verdicts if _has_limit(fact, clause))
    analyzers = {fact.finding.analyzer for fact in facts.facts if titles and fact.finding and fact.concerns(titles)}
    meant = [one for one in facts.report.states if not analyzers or one.analyzer in analyzers]
    return bool(meant) and all(one.judged == 1 for one in meant)


def is_clear(thing: str, clause: Clause, facts: Facts) -> bool:
    """Whether the report shows the thing without fault in what the clause is about: measured, and nothing found."""
    titles = titles_of(clause, facts)
    own = [fact for fact in facts.facts if thing in fact.things and (not titles or titles & fact.words)]
    if any(fact.finding is not None or fact.is_missed for fact in own):
        return False
    if not titles and _OBJECTIVE.search(clause.sentence):
        return _is_within(own)
    is_measured = any(amount.role in LEVELS for fact in own for amount in fact.amounts)
    return is_measured if titles else is_judged(clause, facts)


def _is_within(own: list[Fact]) -> bool:
    """Whether objectives are met, and no level of theirs was past its limit."""
    met = [fact for fact in own if fact.is_met]
    limits = [(one, fact) for fact in met for one in fact.amounts if one.role == "limit"]
    return bool(limits) and all(
        one.value <= limit.value
        for limit, fact in limits
        for one in fact.amounts
        if one.role in LEVELS and one.dimension == limit.dimension
    )


def _has_limit(fact: Fact, clause: Clause) -> bool:
    """Whether it has a limit that the clause names, where the clause names one."""
    named = [one for one in clause.figures if one.dimension != COUNT]
    return not named or any(amount_fits(one, each) for one in named for each in fact.amounts if each.role == "limit")


def node_count(clause: Clause, facts: Facts) -> int:
    """Nodes in all; of members those of the control plane, where etcd runs."""
    is_of_members = _MEMBERS.search(clause.sentence) is not None
    return sum(
        count
        for cluster in facts.report.clusters
        for role, count in cluster.nodes.items()
        if role == "control-plane" or not is_of_members
    )


def nodes_of(found: list[Fact]) -> frozenset[str]:
    """Nodes of findings and other facts; a thing that is no node of a finding stands for itself."""
    return frozenset(
        node
        for fact in found
        for node in ((fact.finding.node,) if fact.finding and fact.finding.node else fact.things)
        if node
    )
