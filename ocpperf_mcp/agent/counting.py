"""Counts in prose: of findings, of the nodes they are on, and of what the report's own sentences count."""

import re
from collections.abc import Iterator

from ocpperf_mcp.agent.clauses import Clause
from ocpperf_mcp.agent.fact import Fact
from ocpperf_mcp.agent.facts import Facts
from ocpperf_mcp.agent.figures import Figure
from ocpperf_mcp.agent.lexicon import LEXICON, SPOKEN
from ocpperf_mcp.agent.stated_counts import singular
from ocpperf_mcp.agent.support import amount_fits, facts_for
from ocpperf_mcp.agent.units import COUNT

_STOP = re.compile(r"[.;:()]")
_OF = re.compile(r"\s+of\s+(?:the |its |all )?", re.IGNORECASE)


def miscounted(clause: Clause, facts: Facts) -> Iterator[str]:
    """Counts of the clause that the report does not give."""
    counts = [one for one in clause.figures if one.dimension == COUNT]
    paired: set[Figure] = set()
    for one, other in zip(clause.figures, clause.figures[1:], strict=False):
        if one.dimension == COUNT and _OF.fullmatch(clause.sentence[one.end : other.at]):
            paired |= {one, other}
            if (one.value / one.scale, other.value / other.scale) not in facts.pairs:
                yield f"{one.text} of {other.text}"
    for one in counts:
        if one not in paired and not _is_right(one, clause, facts):
            yield one.text


def is_count(number: int, end: int, clause: Clause, facts: Facts) -> bool:
    """Whether the report counts so many of what the words after that place of the sentence name."""
    return _is_right(Figure(str(number), number, 0, COUNT, end, end), clause, facts)


def _is_right(figure: Figure, clause: Clause, facts: Facts) -> bool:
    words = _words_after(figure, clause)
    if any(word in LEXICON.counted.finding for word in words):
        rest = re.split("[,.;:]", clause.sentence[figure.end :], maxsplit=1)[0]
        words = words[: len(re.findall(r"[A-Za-z][\w-]*", rest))]
        is_known = bool(re.search(r"\b(?:acknowledged|known)\b", rest))
        return any(figure.fits(number) for number in _findings(clause, facts, words, is_known=is_known))
    if any(word in LEXICON.counted.node for word in words):
        return any(figure.fits(number) for number in _nodes(clause, facts, words))
    if any(word in LEXICON.counted.alert for word in words[:1]):
        return figure.fits(alert_count(facts))
    known = [facts.counts[word] for word in words if word in facts.counts]
    if known:
        return all(any(figure.fits(number) for number in numbers) for numbers in known)
    return all(
        any(
            amount_fits(figure, amount)
            for fact in found
            if fact.things or clause.owns_things
            for amount in fact.amounts
        )
        for found in facts_for(clause, facts)
    )


def alert_count(facts: Facts) -> int:
    """Alerts that fired in the window, by their rows."""
    return len([fact for fact in facts.facts if "alert" in fact.words and not fact.is_event])


def _words_after(figure: Figure, clause: Clause) -> list[str]:
    rest = _STOP.split(clause.sentence[figure.end :], maxsplit=1)[0]
    return [singular(word) for word in re.findall(r"[A-Za-z][\w-]*", rest)[:4]]


def _findings(clause: Clause, facts: Facts, words: list[str], *, is_known: bool) -> set[int]:
    found = _meant(clause, facts, words)
    quiet = [fact for fact in found if fact.finding and fact.finding.acknowledged]
    if is_known:
        return {len(quiet)}
    grave = [fact for fact in found if fact.finding and fact.finding.severity != "info"]
    return {len(found), len(found) - len(quiet)} | ({len(grave)} if "grave" in words else set())


def _meant(clause: Clause, facts: Facts, words: list[str]) -> list[Fact]:
    """Findings of the severity, analyzer, titles and things that are named."""
    own = [fact for fact in facts.facts if fact.finding is not None]
    severities = {"critical", "warning", "info"} & set(words)
    analyzers = {one.analyzer for one in facts.report.states} & {word.lower() for word in words}
    titles = (clause.words & frozenset(words)) - analyzers - severities
    return [
        fact
        for fact in own
        if fact.finding is not None
        and (not severities or fact.finding.severity in severities)
        and (not analyzers or fact.finding.analyzer in analyzers)
        and (not titles or titles & fact.words)
        and (not clause.owns_things or fact.things & set(clause.things))
    ]


def _nodes(clause: Clause, facts: Facts, words: list[str]) -> set[int]:
    """All nodes, those of a role, or those with a finding of what is named."""
    if SPOKEN.trouble.search(clause.sentence):
        own = [fact for fact in facts.facts if fact.finding is not None and fact.finding.node]
        titles = clause.words or clause.of_sentence
        meant = [fact for fact in own if fact.concerns(titles & facts.titles)]
        told = [fact for fact in meant if fact.finding is not None and not fact.finding.acknowledged]
        return {len({fact.finding.node for fact in some if fact.finding}) for some in (meant, told)}
    by_role: dict[str, int] = {}
    for cluster in facts.report.clusters:
        for role, count in cluster.nodes.items():
            by_role[role] = by_role.get(role, 0) + count
    said = clause.plain.lower()
    roles = [count for role, count in by_role.items() if role in words or role.replace("-", " ") in said]
    return set(roles) or {sum(by_role.values())}
