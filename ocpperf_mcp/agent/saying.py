"""What prose says in words alone: states, severities, faults of a thing, trends."""

import re
from collections.abc import Iterator

from ocpperf_mcp.agent.clauses import Clause
from ocpperf_mcp.agent.fact import Fact
from ocpperf_mcp.agent.facts import Facts
from ocpperf_mcp.agent.lexicon import LEXICON, SPOKEN
from ocpperf_mcp.agent.names import names_analyzer
from ocpperf_mcp.agent.support import facts_for

Said = tuple[str, str]
_NOT = re.compile(rf"\b(?:{SPOKEN.denied.either})\b(?:\W+\w+){{0,3}}\W*$", re.IGNORECASE)
_PACKETS = re.compile(r"\W+(?:packets?|frames?|bytes?)\b", re.IGNORECASE)


def said_of_states(clause: Clause, facts: Facts) -> Iterator[Said]:
    """States and severities that are not the report's, faults of things that have none."""
    yield from _health(clause, facts)
    yield from _severities(clause, facts)
    yield from _faults(clause, facts)
    yield from _unknown_faults(clause, facts)
    yield from _standing(clause, facts)


def _is_denied(match: re.Match[str], clause: Clause) -> bool:
    return bool(_NOT.search(clause.plain[: match.start()]))


def _analyzers(clause: Clause, facts: Facts) -> dict[str, set[str]]:
    """States of the analyzers that the clause names."""
    found: dict[str, set[str]] = {}
    for one in facts.report.states:
        if names_analyzer(clause.text, one.analyzer):
            found.setdefault(one.analyzer, set()).add(one.state)
    return found


def _health(clause: Clause, facts: Facts) -> Iterator[Said]:
    for match in SPOKEN.healthy.finditer(clause.plain):
        if SPOKEN.until.search(clause.plain):
            continue
        denied, analyzers = _is_denied(match, clause), _analyzers(clause, facts)
        if analyzers:
            wrong = [name for name, states in analyzers.items() if (states == {"healthy"}) == denied]
            if wrong:
                yield match[0], f"the report says of {wrong[0]}: {', '.join(sorted(analyzers[wrong[0]]))}"
        elif clause.owns_things and not denied:
            if not all(any(fact.is_met for fact in found) and not _grave(found) for found in facts_for(clause, facts)):
                yield match[0], "the report does not say that"
        elif not denied and facts.report.state != "healthy":
            yield match[0], f"the report's state is {facts.report.state}"


def _grave(found: tuple[Fact, ...]) -> list[Fact]:
    return [fact for fact in found if fact.finding is not None and fact.finding.severity != "info"]


def _severities(clause: Clause, facts: Facts) -> Iterator[Said]:
    for match in SPOKEN.severity.finditer(clause.plain):
        said, analyzers = match[0].lower(), _analyzers(clause, facts)
        severities = {fact.finding.severity for fact in _own(clause, facts) if fact.finding}
        if analyzers:
            known = set().union(*analyzers.values()) | {
                one.severity for one in facts.report.findings if one.analyzer in analyzers
            }
        elif clause.owns_things:
            known = set(severities)
        elif SPOKEN.overall.search(clause.plain):
            known = {facts.report.state}
        else:
            known = {one.severity for one in facts.report.findings} | {one.state for one in facts.report.states}
        if (said in known) == _is_denied(match, clause):
            yield match[0], "the report says otherwise"


def _own(clause: Clause, facts: Facts) -> list[Fact]:
    """Facts of the things that the clause is about, whatever metric it names."""
    return [fact for fact in facts.facts if fact.things & set(clause.things)]


def _faults(clause: Clause, facts: Facts) -> Iterator[Said]:
    """A fault that is said of a thing needs a finding of it or a missed objective; so does what is to be done to it."""
    match = SPOKEN.fault.search(clause.plain)
    if match is None and SPOKEN.lies.search(clause.plain):
        match = SPOKEN.severity.search(clause.sentence) or SPOKEN.fault.search(clause.sentence)
    if match is None or SPOKEN.advice.search(clause.plain):
        match = SPOKEN.to_do.search(clause.plain)
    if (
        match is None
        or SPOKEN.less.search(clause.plain)
        or SPOKEN.more.search(clause.plain)
        or not clause.owns_things
        or _is_denied(match, clause)
    ):
        return
    for thing in clause.things:
        faulty = [
            fact
            for fact in facts.facts
            if thing in fact.things
            and (fact.finding is not None or fact.is_missed)
            and (match[0].lower() != "critical" or fact.finding is None or fact.finding.severity == "critical")
            and (not clause.words or clause.words & (fact.words | fact.causes))
        ]
        if not faulty:
            yield f"{match[0]} ({thing})", "no finding of the report says that of it"


def _unknown_faults(clause: Clause, facts: Facts) -> Iterator[Said]:
    """A fault of something that the report does not speak of."""
    match = SPOKEN.fault.search(clause.plain)
    if match is None or clause.owns_things or clause.figures or _is_denied(match, clause) or _is_talk(match, clause):
        return
    of_adjectives = {word for word in clause.words if SPOKEN.fault.search(word)}
    is_of_nothing = not clause.words - of_adjectives and not _analyzers(clause, facts)
    is_named = SPOKEN.pronoun.search(clause.plain) or SPOKEN.overall.search(clause.plain)
    is_counted = SPOKEN.severity.search(clause.plain) or SPOKEN.trouble.search(clause.plain[: match.start()])
    if is_of_nothing and not is_named and not is_counted:
        yield match[0], "the report says that of nothing that is named here"


def _standing(clause: Clause, facts: Facts) -> Iterator[Said]:
    own = [fact for found in facts_for(clause, facts) for fact in found if fact.finding is not None]
    for pattern, is_open in ((SPOKEN.open, True), (SPOKEN.closed, False)):
        match = pattern.search(clause.plain)
        # Of none, another check says whether it holds.
        is_of_none = SPOKEN.no_one.search(clause.plain) is not None
        if match and not is_of_none and not _is_denied(match, clause) and not SPOKEN.advice.search(clause.plain):
            meant = [fact for fact in own if not clause.words or clause.words & (fact.words | fact.causes)]
            if not any(fact.finding.open is is_open for fact in meant if fact.finding):
                yield match[0], "no finding of the report stands so"


def said_of_changes(clause: Clause, facts: Facts) -> Iterator[Said]:
    """Trends that the report does not state."""
    for pattern, direction in ((SPOKEN.up, 1), (SPOKEN.down, -1)):
        for match in pattern.finditer(clause.plain):
            if _is_talk(match, clause):
                continue
            if not all(any(_moved(fact, direction, match[0]) for fact in found) for found in facts_for(clause, facts)):
                yield match[0], "the report states no such change"
    for pattern, table in ((SPOKEN.worse, "worse"), (SPOKEN.better, "better")):
        for match in pattern.finditer(clause.plain):
            if _is_talk(match, clause):
                continue
            if not all(any(fact.text == table for fact in found) for found in facts_for(clause, facts)):
                yield match[0], "the report states no such change"
    yield from _stillness(clause, facts)
    ahead = SPOKEN.ahead.search(clause.plain)
    if ahead and not any(fact.finding.kind != "rule" for fact in _own(clause, facts) if fact.finding):
        yield ahead[0], "the report states no trend and no forecast"


def _is_talk(match: re.Match[str], clause: Clause) -> bool:
    """Denied, advised, or a word of a title such as dropped packets."""
    return (
        _is_denied(match, clause)
        or match[0].lower() in clause.words
        or bool(_PACKETS.match(clause.plain[match.end() :]))
        or bool(SPOKEN.advice.search(clause.plain))
    )


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
    if match is None or _is_denied(match, clause):
        return
    changed = [
        fact for found in facts_for(clause, facts) for fact in found if fact.text in ("worse", "better", "changed")
    ]
    counted = re.search(r"\d|\b(?:one|two|three|four|five|six)\b", clause.plain)
    if not counted and (changed or facts.report.against is None):
        yield match[0], "the report does not say that"
