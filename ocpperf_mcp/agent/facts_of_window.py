"""Facts of a report's window, its data and its events."""

from collections.abc import Iterator

from ocpperf_mcp.agent.amounts import said
from ocpperf_mcp.agent.fact import Amount, Fact
from ocpperf_mcp.agent.names import title_words
from ocpperf_mcp.agent.units import SHARE, TIME
from ocpperf_mcp.report.model import Report
from ocpperf_mcp.report.words import facts_of


def whole(report: Report) -> Fact:
    """Of the window and the data under it."""
    amounts = [amount for text in own_sentences(report) for amount in said(text, "other")]
    amounts += [Amount(one.judged, SHARE, "other") for one in report.states]
    amounts += [Amount(one.coverage, SHARE, "other") for one in report.data if one.coverage is not None]
    spans = [span for span in (report.window, report.against) if span is not None]
    amounts += [Amount((span.end - span.start).total_seconds(), TIME, "other") for span in spans]
    known = [one.as_of for one in report.data if one.as_of is not None]
    return Fact(amounts=tuple(amounts), moments=(*(at for span in spans for at in (span.start, span.end)), *known))


def of_events(report: Report) -> Iterator[Fact]:
    for one in report.events:
        things = frozenset(filter(None, (one.node, "" if one.entity == one.cluster else one.entity)))
        ends = (one.end,) if one.end else ()
        lasted = (Amount((one.end - one.start).total_seconds(), TIME, "other"),) if one.end else ()
        yield Fact(
            things=things, words=title_words(one.kind), amounts=lasted, moments=(one.start, *ends), is_event=True
        )


def own_sentences(report: Report) -> Iterator[str]:
    yield from facts_of(report)
    yield from (one.text for one in report.summary if one.about in ("state", "certainty"))
    yield from (one.reason for one in report.states)
    yield from report.notes
    yield from (text for section in report.sections for text in section.text)


def of_comparison(report: Report) -> Iterator[str]:
    """It counts what got worse, and repeats levels of one thing, which are no levels of the whole."""
    yield from (one.text for one in report.summary if one.about == "changed")
