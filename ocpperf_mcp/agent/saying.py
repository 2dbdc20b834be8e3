"""What prose says in words alone: states, severities, faults of a thing, trends."""

import re
from collections.abc import Iterator

from ocpperf_mcp.agent.clauses import Clause
from ocpperf_mcp.agent.facts import Fact, Facts
from ocpperf_mcp.agent.support import facts_for

Said = tuple[str, str]
_NOT = re.compile(
    r"\b(?:no|not|none|never|nor|without|nothing|neither|cannot|n't|did not|is no|hardly)\b(?:\W+\w+){0,3}\W*$", re.I
)
_HEALTHY = re.compile(
    r"\b(?:healthy|in order|all clear|in good shape|no (?:\w+ )?(?:problem|issue|fault|bottleneck|concern|finding)s?|fine|normal)\b",
    re.I,
)
_SEVERITY = re.compile(r"\b(?:critical|warning|unknown)\b", re.IGNORECASE)
_OVERALL = re.compile(r"\b(?:cluster|platform|overall|everything|system|state|environment|fleet|all)\b", re.IGNORECASE)
_FAULT = re.compile(
    r"\b(?:slow\w*|bottlenecks?|breach\w*|exceed\w*|saturat\w*|critical|overload\w*|suffer\w*|starv\w*|short of|exhaust\w*|"
    r"too little|(?:over|above) (?:its|their|the)|fault\w*|busy|missed|degraded|struggl\w*|fail\w*|broken)\b", re.I,
)  # fmt: skip
_LIES = re.compile(r"\b(?:it|they|which|that|one|both) (?:is|was|are|were|lies?) (?:on|under|at|in)\b", re.IGNORECASE)
_TO_DO = re.compile(
    r"\b(?:move|restart|drain|look|check|replace|cordon|reboot|add|scale|give|run|inspect|free|defragment|measure|debug|"
    r"migrate|lower|raise|limit|evict)\b", re.I,
)  # fmt: skip
_OPEN = re.compile(
    r"\b(?:still (?:open|going on|ongoing|active|firing|over|above)|ongoing|has not ended|persists)\b", re.I
)
_CLOSED = re.compile(r"\b(?:resolved|has ended|is over|no longer|recovered|went away|back to normal)\b", re.IGNORECASE)
_UP = re.compile(
    r"\b(?:r[oi]se(?:s|n)?|rising|increas\w+|grow(?:s|n|ing)?|grew|climb\w*|jump\w*|surg\w+|doubled|tripled|quadrupled|spik\w+|soar\w*|went up|higher than before)\b",
    re.I,
)
_DOWN = re.compile(
    r"\b(?:f[ae]ll(?:s|en|ing)?|drop(?:ped|s|ping)?|decreas\w+|declin\w+|shr[aiu]nk\w*|halved|went down|lower than before|dipped|reduced)\b",
    re.I,
)
_WORSE = re.compile(r"\b(?:worse\w*|deteriorat\w+|degrad(?:ed|ing)|regress\w+)\b", re.IGNORECASE)
_BETTER = re.compile(r"\b(?:better|improv\w+|recover(?:ed|ing)|eased)\b", re.IGNORECASE)
_STILL = re.compile(r"\b(?:unchanged|stable|steady|flat|constant|did not change|no change)\b", re.IGNORECASE)
_AHEAD = re.compile(
    r"\b(?:trend\w*|forecast\w*|predict\w*|on course|heading (?:for|towards)|at this rate|steadily|gradually|progressively|"
    r"continu\w+ to|keeps? (?:on )?\w+ing|will (?:soon )?(?:fill|exhaust|run|reach|exceed|rise|grow|fail|break)|daily|weekly|"
    r"every (?:day|night|week)|recurr\w+|periodic\w*)\b", re.I,
)  # fmt: skip
_PACKETS = re.compile(r"\W+(?:packets?|frames?|bytes?)\b", re.IGNORECASE)
_UNTIL = re.compile(r"\b(?:once|if|whether|make sure|confirm|verify|check|provided|unless|until)\b", re.IGNORECASE)
_TIMES_OF = {"doubled": (1.75, 2.5), "tripled": (2.5, 3.5), "quadrupled": (3.5, 4.5), "halved": (0.4, 0.6)}
_ADVICE = re.compile(
    r"\b(?:should|would|could|may|might|can|must|to (?:get|make|bring|let)|if|whether|likely|before it|until it)\b",
    re.I,
)


def said_of_states(clause: Clause, facts: Facts) -> Iterator[Said]:
    """States and severities that are not the report's, faults of things that have none."""
    yield from _health(clause, facts)
    yield from _severities(clause, facts)
    yield from _faults(clause, facts)
    yield from _standing(clause, facts)


def _is_denied(match: re.Match[str], clause: Clause) -> bool:
    return bool(_NOT.search(clause.plain[: match.start()]))


def _analyzers(clause: Clause, facts: Facts) -> dict[str, set[str]]:
    """States of the analyzers that the clause names."""
    found: dict[str, set[str]] = {}
    for one in facts.report.states:
        if re.search(rf"\b{one.analyzer}\b", clause.text, re.IGNORECASE):
            found.setdefault(one.analyzer, set()).add(one.state)
    return found


def _health(clause: Clause, facts: Facts) -> Iterator[Said]:
    for match in _HEALTHY.finditer(clause.plain):
        if _UNTIL.search(clause.plain):
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
    for match in _SEVERITY.finditer(clause.plain):
        said, analyzers = match[0].lower(), _analyzers(clause, facts)
        severities = {fact.finding.severity for fact in _own(clause, facts) if fact.finding}
        if analyzers:
            known = set().union(*analyzers.values()) | {
                one.severity for one in facts.report.findings if one.analyzer in analyzers
            }
        elif clause.owns_things:
            known = set(severities)
        elif _OVERALL.search(clause.plain):
            known = {facts.report.state}
        else:
            known = {one.severity for one in facts.report.findings} | {one.state for one in facts.report.states}
        if (said in known) == _is_denied(match, clause):
            yield match[0], "the report says otherwise"


def _own(clause: Clause, facts: Facts) -> list[Fact]:
    """Facts of the things that the clause is about, whatever metric it names."""
    return [fact for fact in facts.facts if fact.things & set(clause.things)]


def _faults(clause: Clause, facts: Facts) -> Iterator[Said]:
    """A fault that is said of a thing needs a finding of it, or an objective that it missed; so does what to do to it."""
    match = _FAULT.search(clause.plain)
    if match is None and _LIES.search(clause.plain):
        match = _SEVERITY.search(clause.sentence) or _FAULT.search(clause.sentence)
    if match is None or _ADVICE.search(clause.plain):
        match = _TO_DO.search(clause.plain)
    if match is None or not clause.owns_things or _is_denied(match, clause):
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


def _standing(clause: Clause, facts: Facts) -> Iterator[Said]:
    own = [fact for found in facts_for(clause, facts) for fact in found if fact.finding is not None]
    for pattern, is_open in ((_OPEN, True), (_CLOSED, False)):
        match = pattern.search(clause.plain)
        if match and not _is_denied(match, clause) and not _ADVICE.search(clause.plain):
            meant = [fact for fact in own if not clause.words or clause.words & (fact.words | fact.causes)]
            if not any(fact.finding.open is is_open for fact in meant if fact.finding):
                yield match[0], "no finding of the report stands so"


def said_of_changes(clause: Clause, facts: Facts) -> Iterator[Said]:
    """Trends that the report does not state."""
    for pattern, direction in ((_UP, 1), (_DOWN, -1)):
        for match in pattern.finditer(clause.plain):
            if _is_talk(match, clause):
                continue
            if not all(any(_moved(fact, direction, match[0]) for fact in found) for found in facts_for(clause, facts)):
                yield match[0], "the report states no such change"
    for pattern, table in ((_WORSE, "worse"), (_BETTER, "better")):
        for match in pattern.finditer(clause.plain):
            if _is_talk(match, clause):
                continue
            if not all(any(fact.text == table for fact in found) for found in facts_for(clause, facts)):
                yield match[0], "the report states no such change"
    yield from _stillness(clause, facts)
    ahead = _AHEAD.search(clause.plain)
    if ahead and not any(fact.finding.kind != "rule" for fact in _own(clause, facts) if fact.finding):
        yield ahead[0], "the report states no trend and no forecast"


def _is_talk(match: re.Match[str], clause: Clause) -> bool:
    """Denied, advised, or a word of a title such as dropped packets."""
    return (
        _is_denied(match, clause)
        or match[0].lower() in clause.words
        or bool(_PACKETS.match(clause.plain[match.end() :]))
        or bool(_ADVICE.search(clause.plain))
    )


def _moved(fact: Fact, direction: int, said: str) -> bool:
    if fact.change is not None:
        before, after = fact.change
        if said.lower() in _TIMES_OF:
            least, most = _TIMES_OF[said.lower()]
            return before > 0 and least <= after / before <= most
        return (after > before) if direction > 0 else (after < before)
    if fact.finding is not None and fact.finding.kind != "rule":
        return bool((_UP if direction > 0 else _DOWN).search(fact.text))
    return False


def _stillness(clause: Clause, facts: Facts) -> Iterator[Said]:
    match = _STILL.search(clause.plain)
    if match is None or _is_denied(match, clause):
        return
    changed = [
        fact for found in facts_for(clause, facts) for fact in found if fact.text in ("worse", "better", "changed")
    ]
    counted = re.search(r"\d|\b(?:one|two|three|four|five|six)\b", clause.plain)
    if not counted and (changed or facts.report.against is None):
        yield match[0], "the report does not say that"
