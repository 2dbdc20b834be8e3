"""A report in short, as Dagster shows it beside the asset."""

from collections.abc import Iterator

from ocpperf_mcp.report.markdown import escaped
from ocpperf_mcp.report.model import Report
from ocpperf_mcp.report.words import facts_of, moment_words

_FINDINGS = 20


def preview(report: Report) -> str:
    """State, summary and findings as Markdown; labels of the cluster are text in it and never markup."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    yield f"**State: {report.state}**"
    yield ""
    yield from (f"{escaped(line)}  " for line in facts_of(report))
    yield ""
    yield from (f"- {escaped(sentence.text)}" for sentence in report.summary)
    yield from (f"- Note: {escaped(note)}" for note in report.notes)
    if not report.findings:
        return
    yield ""
    yield "| Severity | Rule | Entity | From (UTC) | What |"
    yield "| --- | --- | --- | --- | --- |"
    for one in report.findings[:_FINDINGS]:
        cells = (one.severity, one.rule, one.entity, moment_words(one.start), one.summary)
        yield f"| {' | '.join(map(escaped, cells))} |"
    if len(report.findings) > _FINDINGS:
        yield f"\nand {len(report.findings) - _FINDINGS} more in the report"
