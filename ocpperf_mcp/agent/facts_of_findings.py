"""Facts of a report's findings."""

from collections.abc import Iterator
from datetime import datetime

from ocpperf_mcp.agent.amounts import said, typed
from ocpperf_mcp.agent.fact import Amount, Fact
from ocpperf_mcp.agent.figures import moments
from ocpperf_mcp.agent.names import named, nameless, percentiles, title_words
from ocpperf_mcp.agent.units import SHARE, TIME, TIMES
from ocpperf_mcp.report.model import Finding, Report


def of_findings(report: Report, things: frozenset[str]) -> Iterator[Fact]:
    titles = {one.metric: one.title for one in report.metrics}
    for one in report.findings:
        text = nameless(nameless(one.summary, things), frozenset(filter(None, (one.source,))))
        lasted = (one.end - one.start).total_seconds()
        amounts = [
            *typed(one.observed, "peak"), *typed(one.limit, "limit"), Amount(one.held_s, TIME, "other"),
            Amount(lasted, TIME, "other"), *said(text, "other", bare=False),
            *(amount for cause in one.root_causes
              for amount in said(nameless(cause.statement, things), "other", bare=False)),
        ]  # fmt: skip
        # What the summary repeats of the limit stays a limit.
        limits = {amount.value for amount in amounts if amount.role == "limit"}
        amounts = [each for each in amounts if each.role != "other" or each.value not in limits]
        if one.coverage is not None:
            amounts.append(Amount(one.coverage, SHARE, "other"))
        if one.observed.number and one.limit.number:
            amounts.append(Amount(one.observed.number / one.limit.number, TIMES, "other"))
        yield Fact(
            things=frozenset(named(one.entity_kind, one.entity, one.node)),
            words=title_words(f"{titles.get(one.metric, '')} {one.metric} {one.rule}") | percentiles(text),
            causes=frozenset(word for cause in one.root_causes for word in title_words(cause.title)),
            amounts=tuple(amounts),
            moments=_moments(one, text),
            text=text,
            finding=one,
        )


def _moments(finding: Finding, text: str) -> tuple[datetime, ...]:
    """Start and end; where its sentence tells others, as of a breach within the episode, those too."""
    told, date = [], f"{finding.start:%Y-%m-%d}"
    for one in moments(text):
        date = one.date or date
        told.append(datetime.fromisoformat(f"{date}T{one.clock or '00:00'}+00:00"))
    known = (finding.start, finding.end)
    minutes = {f"{at:%Y-%m-%dT%H:%M}" for at in known}
    return (*known, *(at for at in told if f"{at:%Y-%m-%dT%H:%M}" not in minutes))
