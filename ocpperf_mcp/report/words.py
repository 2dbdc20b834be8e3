"""Phrases that several renderers share: windows, what a report is about, how certain a finding is."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from ocpperf_mcp.report.model import Action, ClusterFacts, Data, Event, Finding, Report, Section, Span

TO_DO = "roadmap"
"""Key of the section of what to do."""


def moment_words(when: datetime) -> str:
    return f"{when:%Y-%m-%d %H:%M}"


def span_words(span: Span) -> str:
    name = f"{span.name}, " if span.name else ""
    return f"{name}{moment_words(span.start)} to {moment_words(span.end)} UTC"


def facts_of(report: Report) -> Iterator[str]:
    """Lines that stand under the title: window, comparison, cluster, how far the data go."""
    yield f"Window: {span_words(report.window)}"
    if report.against is not None:
        yield f"Against: {span_words(report.against)}"
    yield from (f"Cluster: {_cluster(one)}" for one in report.clusters)
    yield from (f"Data: {_data(one)}" for one in report.data)


def certainty_words(finding: Finding) -> str:
    """How sure a finding is, and on how much it rests."""
    covered = "" if finding.coverage is None else f", {finding.coverage:.0%} of the samples expected"
    hour = "; its newest hour is still open" if finding.provisional else ""
    return f"{finding.certainty.capitalize()}, held for {finding.held_s // 60} min{covered}{hour}"


def when_words(action: Action) -> str:
    """By when it can be done; nothing where that is not known."""
    if action.horizon is None:
        return ""
    return "At once." if action.horizon == "now" else f"Within {action.horizon}."


def events_of(report: Report) -> Sequence[Event]:
    """The newest first, as people read them."""
    return tuple(reversed(report.events))


def parted(sections: Sequence[Section]) -> tuple[Sequence[Section], Sequence[Section]]:
    """What to do, which stands beside the findings, and the other sections."""
    to_do = [section for section in sections if section.key == TO_DO]
    return to_do, [section for section in sections if section.key != TO_DO]


def _cluster(facts: ClusterFacts) -> str:
    version = f" {facts.version}" if facts.version else ""
    nodes = ", ".join(f"{count} {role}" for role, count in facts.nodes.items()) or "nodes not known"
    return f"{facts.cluster}{version}, {nodes}"


def _data(data: Data) -> str:
    as_of = "never collected" if data.as_of is None else f"as of {moment_words(data.as_of)} UTC"
    coverage = "" if data.coverage is None else f", coverage {data.coverage:.1%}"
    return (
        f"{data.cluster} {as_of}; {data.hours_collected} of {data.hours} hours of the window collected{coverage}; "
        f"of {data.metrics} metrics {data.metrics_answered} answered, {data.metrics_empty} were empty, "
        f"{data.metrics_failed} failed or were not asked for"
    )
