"""Whether words of a clause are denied or advised rather than said, and what the clause is about."""

import re

from ocpperf_mcp.agent.clauses import Clause
from ocpperf_mcp.agent.fact import Fact
from ocpperf_mcp.agent.facts import Facts
from ocpperf_mcp.agent.lexicon import SPOKEN
from ocpperf_mcp.agent.names import names_analyzer

_NOT = re.compile(rf"\b(?:{SPOKEN.denied.either})\b(?:\W+\w+){{0,3}}\W*$", re.IGNORECASE)
_PACKETS = re.compile(r"\W+(?:packets?|frames?|bytes?)\b", re.IGNORECASE)


def is_denied(match: re.Match[str], clause: Clause) -> bool:
    """Whether a word of denial stands close before it."""
    return bool(_NOT.search(clause.plain[: match.start()]))


def is_talk(match: re.Match[str], clause: Clause) -> bool:
    """Denied, advised, or a word of a title such as dropped packets."""
    return (
        is_denied(match, clause)
        or match[0].lower() in clause.words
        or bool(_PACKETS.match(clause.plain[match.end() :]))
        or bool(SPOKEN.advice.search(clause.plain))
    )


def analyzers_named(clause: Clause, facts: Facts) -> dict[str, set[str]]:
    """States of the analyzers that the clause names."""
    found: dict[str, set[str]] = {}
    for one in facts.report.states:
        if names_analyzer(clause.text, one.analyzer):
            found.setdefault(one.analyzer, set()).add(one.state)
    return found


def facts_of_things(clause: Clause, facts: Facts) -> list[Fact]:
    """Facts of the things that the clause is about, whatever metric it names."""
    return [fact for fact in facts.facts if fact.things & set(clause.things)]
