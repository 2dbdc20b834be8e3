"""What prose says in words alone of states: health, severities, faults of a thing, what is over or acknowledged."""

from collections.abc import Iterator

from ocpperf_mcp.agent.clauses import Clause
from ocpperf_mcp.agent.fact import Fact
from ocpperf_mcp.agent.facts import Facts
from ocpperf_mcp.agent.hedges import analyzers_named, facts_of_things, is_denied, is_talk
from ocpperf_mcp.agent.lexicon import SPOKEN
from ocpperf_mcp.agent.support import facts_for

Said = tuple[str, str]


def said_of_states(clause: Clause, facts: Facts) -> Iterator[Said]:
    """States and severities that are not the report's, faults of things that have none."""
    yield from _health(clause, facts)
    yield from _severities(clause, facts)
    yield from _faults(clause, facts)
    yield from _unknown_faults(clause, facts)
    yield from _unknown_subjects(clause, facts)
    yield from _troubles(clause, facts)
    yield from _acknowledgements(clause, facts)
    yield from _completeness(clause, facts)
    yield from _standing(clause, facts)


def _health(clause: Clause, facts: Facts) -> Iterator[Said]:
    for match in SPOKEN.healthy.finditer(clause.plain):
        if SPOKEN.until.search(clause.plain) or SPOKEN.demanded.search(clause.plain):
            continue
        denied, analyzers = is_denied(match, clause), analyzers_named(clause, facts)
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
        said, analyzers = match[0].lower(), analyzers_named(clause, facts)
        severities = {fact.finding.severity for fact in facts_of_things(clause, facts) if fact.finding}
        if analyzers:
            known = set().union(*analyzers.values()) | {
                one.severity for one in facts.report.findings if one.analyzer in analyzers
            }
        elif clause.owns_things:
            of_title = [fact for fact in facts_of_things(clause, facts) if fact.concerns(clause.words & facts.titles)]
            known = {str(fact.finding.severity) for fact in of_title if fact.finding} or set(severities)
        elif SPOKEN.overall.search(clause.plain):
            known = {facts.report.state}
        else:
            known = {one.severity for one in facts.report.findings} | {one.state for one in facts.report.states}
        if (said in known) == is_denied(match, clause):
            yield match[0], "the report says otherwise"


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
        or is_denied(match, clause)
    ):
        return
    for thing in clause.things:
        faulty = [
            fact
            for fact in facts.facts
            if thing in fact.things
            and (fact.is_missed or (fact.finding is not None and match[0].lower() != "missed"))
            and (match[0].lower() != "critical" or fact.finding is None or fact.finding.severity == "critical")
            and (not clause.words or clause.words & (fact.words | fact.causes))
        ]
        if not faulty:
            yield f"{match[0]} ({thing})", "no finding of the report says that of it"


def _unknown_faults(clause: Clause, facts: Facts) -> Iterator[Said]:
    """A fault of something that the report does not speak of."""
    match = SPOKEN.fault.search(clause.plain)
    if match is None or clause.owns_things or clause.figures or is_denied(match, clause) or is_talk(match, clause):
        return
    of_adjectives = {word for word in clause.words if SPOKEN.fault.search(word)}
    is_of_nothing = not clause.words - of_adjectives and not analyzers_named(clause, facts)
    is_named = SPOKEN.pronoun.search(clause.plain) or SPOKEN.overall.search(clause.plain)
    is_counted = SPOKEN.severity.search(clause.plain) or SPOKEN.trouble.search(clause.plain[: match.start()])
    if is_of_nothing and not is_named and not is_counted:
        yield match[0], "the report says that of nothing that is named here"


def _unknown_subjects(clause: Clause, facts: Facts) -> Iterator[Said]:
    """A fault or a change of something that no metric, rule or cause of the report is about."""
    subject = SPOKEN.subject.search(clause.plain)
    if subject is None or subject[0].lower() in facts.words or clause.words - {subject[0].lower()}:
        return
    for phrases in (SPOKEN.fault, SPOKEN.up, SPOKEN.down, SPOKEN.worse, SPOKEN.better):
        match = phrases.search(clause.plain)
        if match is not None and not is_denied(match, clause) and not is_talk(match, clause):
            yield f"{subject[0]} {match[0]}", "the report says nothing of that kind of it"


def _troubles(clause: Clause, facts: Facts) -> Iterator[Said]:
    match = SPOKEN.troubled.search(clause.plain)
    for name, states in analyzers_named(clause, facts).items() if match and not clause.owns_things else ():
        if match and bool(states & {"critical", "warning"}) is is_denied(match, clause):
            yield match[0], f"the report says of {name}: {', '.join(sorted(states))}"


def _acknowledgements(clause: Clause, facts: Facts) -> Iterator[Said]:
    """What is said to be acknowledged, or not to be, of named findings; of others that there is one."""
    match = SPOKEN.known.search(clause.plain)
    if match is None or SPOKEN.every.search(clause.plain) or SPOKEN.no_one.search(clause.plain):
        return
    severities = {one[0].lower() for one in SPOKEN.severity.finditer(clause.plain)}
    titles, things = clause.words & facts.titles, set(clause.things)
    found = [
        fact.finding
        for fact in facts.facts
        if fact.finding is not None and fact.concerns(titles) and (not things or fact.things & things)
    ]
    meant = [one for one in found if not severities or one.severity in severities]
    is_named = bool(severities or titles or clause.owns_things)
    holds = (all if is_named else any)(one.acknowledged for one in meant) and bool(meant)
    if holds is is_denied(match, clause):
        yield match[0], "the report says otherwise"


def _completeness(clause: Clause, facts: Facts) -> Iterator[Said]:
    match = SPOKEN.gapless.search(clause.plain)
    has_gaps = any(one.coverage != 1 for one in facts.report.data)
    if match and has_gaps and SPOKEN.of_window.search(clause.plain) and not is_denied(match, clause):
        yield match[0], "the report's data have gaps"


def _standing(clause: Clause, facts: Facts) -> Iterator[Said]:
    own = [fact for found in facts_for(clause, facts) for fact in found if fact.finding is not None]
    for pattern, is_open in ((SPOKEN.open, True), (SPOKEN.closed, False)):
        match = pattern.search(clause.plain)
        # Of none, another check says whether it holds.
        is_of_none = SPOKEN.no_one.search(clause.plain) is not None
        if match and not is_of_none and not is_denied(match, clause) and not SPOKEN.advice.search(clause.plain):
            meant = [fact for fact in own if not clause.words or clause.words & (fact.words | fact.causes)]
            if not any(fact.finding.open is is_open for fact in meant if fact.finding):
                yield match[0], "no finding of the report stands so"
