"""Prose about a report held against the report: each figure, moment, name, state and trend must be one it states.

The check is strict rather than clever. An honest sentence that it cannot follow is sent back, and at worst the
deterministic text takes its place; a wrong figure does not pass.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from ocpperf_mcp.agent.causes import foreign_mechanisms, no_cause, uncaused
from ocpperf_mcp.agent.clauses import Clause, clauses, passages
from ocpperf_mcp.agent.counting import miscounted
from ocpperf_mcp.agent.extremes import said_of_extremes, said_of_more, said_of_the_undecided
from ocpperf_mcp.agent.facts import Facts, facts_in
from ocpperf_mcp.agent.figures import Figure, Moment
from ocpperf_mcp.agent.lexicon import SPOKEN
from ocpperf_mcp.agent.order import misordered
from ocpperf_mcp.agent.roles import said_of_roles
from ocpperf_mcp.agent.saying import said_of_states
from ocpperf_mcp.agent.sole import named_twice, said_of_one_alone
from ocpperf_mcp.agent.support import about, is_stated, is_stated_moment, is_stated_pair
from ocpperf_mcp.agent.trends import said_of_changes
from ocpperf_mcp.agent.units import COUNT
from ocpperf_mcp.agent.universals import said_of_all, said_of_always, said_of_both
from ocpperf_mcp.report.model import Report

_LINK = re.compile(r"\w+://|\bwww\.|\]\(|<\w", re.IGNORECASE)
_COMMAND = re.compile(
    r"`([^`]+)`|\b((?:oc|kubectl|curl|wget|bash|sh|sudo|rm|etcdctl|podman|docker|systemctl|helm|ssh|chmod|python3?)"
    r" [\w./-]+(?: [^,;.]*)?)"
)
_PAIRED = re.compile(r"\s*to\s*", re.IGNORECASE)


@dataclass(frozen=True)
class Mismatch:
    """Something said that the report does not state."""

    said: str
    why: str

    def __str__(self) -> str:
        return f'"{self.said}": {self.why}'


def check(prose: str, report: Report | Facts) -> tuple[Mismatch, ...]:
    """What of the prose the report does not bear out; nothing when all of it holds."""
    facts = facts_in(report) if isinstance(report, Report) else report
    found = [*_foreign(prose, facts)]
    for passage, within in passages(prose, facts):
        found += [Mismatch(*said) for look in _OF_PROSE for said in look(passage, within)]
    for clause in clauses(prose, facts):
        for within in facts.within(clause.clusters):
            for look in _LOOKS:
                found += look(clause, within)
    return tuple(dict.fromkeys(found))


def check_cause(prose: str, facts: Facts) -> tuple[Mismatch, ...]:
    """What of a judged cause no finding gives as one."""
    return tuple(Mismatch(*said) for said in no_cause(prose, facts))


def _foreign(prose: str, facts: Facts) -> Iterator[Mismatch]:
    """Links, commands that the report does not give, and numbers that are none."""
    for match in _LINK.finditer(prose):
        yield Mismatch(match[0], "leave out links and markup")
    for match in _COMMAND.finditer(prose):
        command = (match[1] or match[2]).strip()
        known = command.lower() in facts.vocabulary or command in facts.things
        if not known and not any(command in one for one in facts.commands):
            yield Mismatch(command, "this command is not one of the report's")
    for match in SPOKEN.vague.finditer(prose):
        yield Mismatch(match[0], "give the figure of the report")


def _names(clause: Clause, facts: Facts) -> Iterator[Mismatch]:
    for name in clause.identifiers:
        if name.strip(".:").lower() not in facts.vocabulary:
            yield Mismatch(name, "the report knows nothing of this name")
    first_parts = {name.partition("-")[0] for name in facts.things if "-" in name}
    for token in re.findall(r"\b[a-z]+(?:-[a-z]+)+\b", clause.plain):
        if token.partition("-")[0] in first_parts and token not in facts.vocabulary:
            yield Mismatch(token, "the report knows nothing of this name")


def _amounts(clause: Clause, facts: Facts) -> Iterator[Mismatch]:
    paired = set(_pairs(clause))
    for before, after in paired:
        if not is_stated_pair(clause, facts, before, after):
            yield Mismatch(f"{before.text} to {after.text}", f"the report states no such change{about(clause)}")
    for one in clause.figures:
        if any(one in pair for pair in paired) or one.dimension == COUNT:
            continue
        if not is_stated(clause, facts, one):
            yield Mismatch(one.text, f"the report does not state this figure{about(clause)} in this role")


def _pairs(clause: Clause) -> Iterator[tuple[Figure, Figure]]:
    """`from A to B`."""
    for one, other in zip(clause.figures, clause.figures[1:], strict=False):
        said = clause.sentence
        if said[: one.at].rstrip().lower().endswith(" from") and _PAIRED.fullmatch(said[one.end : other.at]):
            yield one, other


def _times(clause: Clause, facts: Facts) -> Iterator[Mismatch]:
    for one in clause.moments:
        if not is_stated_moment(clause, facts, one):
            yield Mismatch(one.text, f"the report does not state this time{about(clause)}")
    for first, last in zip(clause.moments, clause.moments[1:], strict=False):
        if _is_backwards(first, last):
            yield Mismatch(f"{first.text} to {last.text}", "the times are the wrong way round")


def _is_backwards(first: Moment, last: Moment) -> bool:
    same_day = first.date == last.date or not last.date
    return bool(first.clock and last.clock and same_day and last.clock < first.clock)


def _unread(clause: Clause, facts: Facts) -> Iterator[Mismatch]:
    """Digits that were not read as any figure are not let through."""
    del facts
    read = [(one.at - clause.start, one.end - clause.start) for one in clause.figures]
    for match in re.finditer(r"\d[\d.,]*", clause.plain):
        if not any(start <= match.start() < end for start, end in read):
            yield Mismatch(match[0], "this figure cannot be read; write it with its unit, as the report does")


def _counted(clause: Clause, facts: Facts) -> Iterator[Mismatch]:
    for one in miscounted(clause, facts):
        yield Mismatch(one, "the report counts otherwise")


def _stated(clause: Clause, facts: Facts) -> Iterator[Mismatch]:
    for look in _OF_CLAUSES:
        yield from (Mismatch(*said) for said in look(clause, facts))


Said = tuple[str, str]
_OF_PROSE: tuple[Callable[[str, Facts], Iterable[Said]], ...] = (foreign_mechanisms, uncaused, misordered)
_OF_CLAUSES: tuple[Callable[[Clause, Facts], Iterable[Said]], ...] = (
    said_of_states, said_of_changes, said_of_one_alone, named_twice, said_of_extremes, said_of_all, said_of_always,
    said_of_both, said_of_more, said_of_the_undecided, said_of_roles,
)  # fmt: skip
_LOOKS: tuple[Callable[[Clause, Facts], Iterable[Mismatch]], ...] = (
    _names, _amounts, _times, _unread, _counted, _stated,
)  # fmt: skip
