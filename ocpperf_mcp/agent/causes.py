"""Claims of a cause: only what a finding of the report gives as its cause may be said to be one."""

import re
from collections.abc import Iterator, Sequence

from ocpperf_mcp.agent.clauses import clauses, sentences
from ocpperf_mcp.agent.fact import Fact
from ocpperf_mcp.agent.facts import Facts
from ocpperf_mcp.agent.lexicon import LEXICON, SPOKEN
from ocpperf_mcp.agent.names import name_spans, nameless

Said = tuple[str, str]
_WHY = "the report does not give this as a cause of that"
_END = re.compile(r"[;:.(]|,\s+|\s+(?:though|although|while|whereas|but|so|which|who|because)\s+", re.IGNORECASE)
_AND = re.compile(r"\s+(?:and|or|as well as|plus)\s+", re.IGNORECASE)
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9]*")
_STEM = 5
"""Letters that tell `reboot`, `rebooted` and `reboots` from other words."""


def uncaused(prose: str, facts: Facts) -> Iterator[Said]:
    """Causes that the report does not give for what they are said to cause."""
    carried: tuple[str, ...] = ()
    for sentence in sentences(prose):
        for cause, effect, words in _claims(sentence):
            holds = _is_reason if _is_of_state(effect, facts) else _is_cause
            effects = _effects(effect, carried, facts)
            is_unjudged = bool(SPOKEN.unjudged.search(sentence))
            if not is_unjudged and not all(holds(one, effects, facts) for one in _items(cause)):
                yield f"{words} {cause.strip()}", _WHY
        found = list(clauses(sentence, facts, carried))
        carried = found[-1].things if found else carried


def no_cause(prose: str, facts: Facts) -> Iterator[Said]:
    """The same of a text that is a cause by its place, and need not say so."""
    if not all(_is_cause(one, _findings(facts), facts) for one in _items(_first(prose))):
        yield prose, "no finding of the report has this cause"


def foreign_mechanisms(prose: str, facts: Facts) -> Iterator[Said]:
    """Mechanisms that nothing in the report speaks of, as causes or not."""
    told = _told(facts)
    for sentence in sentences(prose):
        plain = nameless(sentence, facts.things)
        for match in SPOKEN.mechanism.finditer(plain):
            is_absent = SPOKEN.denied.search(plain[: match.start()]) and SPOKEN.told_of.search(plain)
            word = match[0].lower()
            if (word if " " in word else word[:_STEM]) not in told and not is_absent:
                yield match[0], "the report tells of nothing of that kind"


def _claims(sentence: str) -> Iterator[tuple[str, str, str]]:
    """Cause, effect and the words between."""
    for match in SPOKEN.causing.finditer(sentence):
        yield _first(sentence[match.end() :]), _last(sentence[: match.start()]), match[0]
    for match in SPOKEN.effecting.finditer(sentence):
        yield _last(sentence[: match.start()]), _first(sentence[match.end() :]), match[0]


def _first(text: str) -> str:
    return _END.split(text.lstrip(), maxsplit=1)[0]


def _last(text: str) -> str:
    """The stretch that ends where the text does."""
    return ([one for one in _END.split(text) if one.strip()] or [""])[-1]


def _items(cause: str) -> list[str]:
    """Causes that are listed; a further clause is none of them."""
    first, *more = _AND.split(cause)
    return [first, *(one for one in more if not SPOKEN.finite.search(one))]


def _findings(facts: Facts) -> list[Fact]:
    return [fact for fact in facts.facts if fact.finding is not None]


def _effects(text: str, carried: tuple[str, ...], facts: Facts) -> list[Fact]:
    """Findings of what is said to be caused; all where it names none."""
    found = list(clauses(text, facts, carried))
    things = frozenset(one for clause in found for one in clause.things)
    words = frozenset().union(*(clause.words for clause in found)) & facts.titles
    own = [fact for fact in _findings(facts) if not things or fact.things & things]
    return [fact for fact in own if fact.concerns(words)] if words else own


def _is_of_state(effect: str, facts: Facts) -> bool:
    """Whether a state is explained and no thing's fault."""
    named = [one for clause in clauses(effect, facts) for one in (*clause.things, *(clause.words & facts.titles))]
    return not named and bool(SPOKEN.severity.search(effect) and SPOKEN.overall.search(effect))


def _is_reason(item: str, effects: Sequence[Fact], facts: Facts) -> bool:
    """Whether a state has that reason: a finding as grave as the state, or its analyzer."""
    things, said = _said(item, facts)
    grave = [fact for fact in effects if fact.finding and fact.finding.severity == facts.report.state]
    return bool(said | things) and any(
        things <= fact.things and fact.finding and said <= (fact.words | {fact.finding.analyzer}) for fact in grave
    )


def _said(item: str, facts: Facts) -> tuple[frozenset[str], frozenset[str]]:
    """Things of a cause, and the words that name it."""
    things = frozenset(name for _, _, name in name_spans(item, facts.things))
    words = {word.lower() for word in _WORD.findall(nameless(item, facts.things))}
    return things, frozenset(words) - LEXICON.plain - LEXICON.beside_causes


def _is_cause(item: str, effects: Sequence[Fact], facts: Facts) -> bool:
    things, said = _said(item, facts)
    if not said:
        return all(any(thing in fact.things for fact in effects) for thing in things)
    return any(_gives(fact, said, things, facts) for fact in effects)


def _gives(fact: Fact, said: frozenset[str], things: frozenset[str], facts: Facts) -> bool:
    """Whether the finding has that cause: by its title, a finding that is evidence, or an event before it."""
    evidence = {one for cause in fact.finding.root_causes for one in cause.evidence} if fact.finding else set()
    signs = [one for one in _findings(facts) if one.finding and one.finding.finding_id in evidence]
    events = [one for one in facts.facts if one.is_event and one.span[0] <= fact.span[1]]
    near = fact.things.union(*(one.things for one in signs))
    known = fact.causes.union(*(one.words for one in signs))
    if things <= near and said <= known and said & fact.causes:
        return True
    return any(said <= one.words and things <= (one.things | near) for one in events)


def _told(facts: Facts) -> str:
    """All that the report says of findings, their causes and actions, and which events there were."""
    report = facts.report
    causes = [cause for one in report.findings for cause in one.root_causes]
    return " ".join(
        [
            *(nameless(one.summary, facts.things) for one in report.findings),
            *(f"{one.title} {one.statement} {one.check_command} {one.check_tells}" for one in causes),
            *(f"{each.change} {each.command} {each.risk}" for one in report.findings for each in one.actions),
            *(one.rule for one in report.findings),
            *(one.title for one in report.metrics),
            *(one.kind for one in report.events),
        ]
    ).lower()
