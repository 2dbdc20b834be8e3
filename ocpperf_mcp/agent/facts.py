"""What a report states, as facts that prose is held against.

Figures are taken from typed values and from our own sentences, never from names and labels: whoever can name a pod
could otherwise plant a figure.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ocpperf_mcp.agent.fact import Fact
from ocpperf_mcp.agent.facts_of_findings import of_findings
from ocpperf_mcp.agent.facts_of_tables import of_tables, own_cells, roles_in
from ocpperf_mcp.agent.facts_of_window import of_comparison, of_events, own_sentences, whole
from ocpperf_mcp.agent.names import things
from ocpperf_mcp.agent.one_cluster import of_cluster
from ocpperf_mcp.agent.stated_counts import counts, pairs
from ocpperf_mcp.report.model import Report


@dataclass(frozen=True)
class Facts:
    """All of a report's facts, and the names that its prose may use."""

    report: Report
    facts: tuple[Fact, ...]
    things: frozenset[str]
    """Nodes, pods, devices and the like, and the parts of their names."""
    titles: frozenset[str]
    """Words of all titles and rules."""
    words: frozenset[str]
    """Those, and the words of causes."""
    counts: Mapping[str, frozenset[int]] = field(default_factory=dict)
    pairs: frozenset[tuple[int, int]] = frozenset()
    """Of `2 of 4`."""
    roles: Mapping[str, str] = field(default_factory=dict)
    """Of nodes, where the report tells it."""
    sources: frozenset[str] = frozenset()
    """Who published limits: quoted, they say nothing of the thing in the sentence."""
    vocabulary: frozenset[str] = frozenset()
    commands: tuple[str, ...] = ()
    by_cluster: Mapping[str, "Facts"] = field(default_factory=dict)
    """What is said of each cluster alone, where the report is about several."""

    def within(self, clusters: Sequence[str]) -> tuple["Facts", ...]:
        """The facts of each of the clusters; all facts where none is named."""
        return tuple(self.by_cluster[one] for one in clusters) or (self,)


def facts_in(report: Report) -> Facts:
    """Everything that prose about the report may say."""
    known = frozenset(things(report))
    names = [one.cluster for one in report.clusters]
    by_cluster = {one: facts_in(of_cluster(report, one)) for one in names} if len(names) > 1 else {}
    told = tuple(own_sentences(report))
    facts = (whole(report), *of_findings(report, known), *of_events(report), *of_tables(report, known))
    return Facts(
        report=report,
        facts=facts,
        things=known,
        titles=frozenset(word for fact in facts for word in fact.words),
        words=frozenset(word for fact in facts for word in fact.words | fact.causes),
        counts=counts((*told, *of_comparison(report))),
        pairs=frozenset(pair for text in (*told, *own_cells(report)) for pair in pairs(text)),
        roles=roles_in(report),
        sources=frozenset(one.source for one in report.findings if one.source),
        vocabulary=frozenset(re.findall(r"[\w.:@/|-]*\w", report.model_dump_json(exclude={"narrative"}).lower())),
        commands=tuple(_commands(report)),
        by_cluster=by_cluster,
    )


def _commands(report: Report) -> Iterator[str]:
    for one in report.findings:
        yield from (action.command for action in one.actions if action.command)
        yield from (cause.check_command for cause in one.root_causes if cause.check_command)
