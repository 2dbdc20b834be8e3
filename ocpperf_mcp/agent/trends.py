"""What prose says of changes in words alone: rises, falls, for better or worse, no change, and what is to come."""

import re
from collections.abc import Iterator

from ocpperf_mcp.agent.clauses import Clause
from ocpperf_mcp.agent.fact import Fact
from ocpperf_mcp.agent.facts import Facts
from ocpperf_mcp.agent.hedges import facts_of_things, is_denied, is_talk
from ocpperf_mcp.agent.lexicon import LEXICON, SPOKEN
from ocpperf_mcp.agent.support import facts_for

Said = tuple[str, str]


def said_of_changes(clause: Clause, facts: Facts) -> Iterator[Said]:
    """Trends that the report does not state."""
    for pattern, direction in ((SPOKEN.up, 1), (SPOKEN.down, -1)):
        for match in pattern.finditer(clause.plain):
            if is_talk(match, clause):
                continue
            if not all(any(_moved(fact, direction, match[0]) for fact in found) for found in facts_for(clause, facts)):
                yield match[0], "the report states no such change"
    for pattern, table in ((SPOKEN.worse, "worse"), (SPOKEN.better, "better")):
        for match in pattern.finditer(clause.plain):
            if is_talk(match, clause):
                continue
            if not all(any(fact.text == table for fact in found) for found in facts_for(clause, facts)):
                yield match[0], "the report states no such change"
    yield from _stillness(clause, facts)
    ahead = SPOKEN.ahead.search(clause.plain)
    if ahead and not any(fact.finding.kind != "rule" for fact in facts_of_things(clause, facts) if fact.finding):
        yield ahead[0], "the report states no trend and no forecast"


def _moved(fact: Fact, direction: int, said: str) -> bool:
    if fact.change is not None:
        before, after = fact.change
        if said.lower() in LEXICON.multiples:
            least, most = LEXICON.multiples[said.lower()]
            return before > 0 and least <= after / before <= most
        return (after > before) if direction > 0 else (after < before)
    if fact.finding is not None and fact.finding.kind != "rule":
        return bool((SPOKEN.up if direction > 0 else SPOKEN.down).search(fact.text))
    return False


def _stillness(clause: Clause, facts: Facts) -> Iterator[Said]:
    match = SPOKEN.still.search(clause.plain)
    if match is None or is_denied(match, clause):
        return
    changed = [
        fact for found in facts_for(clause, facts) for fact in found if fact.text in ("worse", "better", "changed")
    ]
    counted = re.search(r"\d|\b(?:one|two|three|four|five|six)\b", clause.plain)
    if not counted and (changed or facts.report.against is None):
        yield match[0], "the report does not say that"
