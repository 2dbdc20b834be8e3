"""A report as JUnit XML: what was judged as test cases; what could not be judged is skipped, and never passed."""

from collections.abc import Iterator

from ocpperf_mcp.junit import TestCase, junit_suite
from ocpperf_mcp.report.model import AnalyzerState, Finding, Report, Table
from ocpperf_mcp.report.printable import printable


def as_junit(report: Report) -> str:
    """A case for each analyzer, finding, objective and rule that was not judged."""
    cases = [
        *map(_state, report.states),
        *map(_finding, report.findings),
        *(case for table in _tables(report, "objectives") for case in _objectives(table)),
        *(case for table in _tables(report, "rules") for case in _unjudged(table)),
    ]
    return junit_suite(f"ocpperf report: {printable(report.title)}", cases)


def _state(one: AnalyzerState) -> TestCase:
    at_fault = one.state in ("critical", "warning")
    return TestCase(
        f"state.{printable(one.cluster)}",
        one.analyzer,
        failure=f"{one.state}: {one.reason}" if at_fault else None,
        skipped=one.reason if one.state == "unknown" else None,
    )


def _finding(finding: Finding) -> TestCase:
    said = printable(f"{finding.severity}: {finding.summary}")
    known = f"acknowledged: {printable(finding.acknowledged_because)}" if finding.acknowledged else None
    fails = finding.severity != "info" and not finding.acknowledged
    return TestCase(
        f"finding.{printable(finding.cluster)}.{finding.analyzer}",
        printable(f"{finding.rule} on {finding.entity} ({finding.finding_id})"),
        failure=said if fails else None,
        skipped=known,
    )


def _objectives(table: Table) -> Iterator[TestCase]:
    for row in table.rows:
        cell = {column.key: printable(value.text) for column, value in zip(table.columns, row, strict=True)}
        said = f"{cell['verdict']}: {cell['statistic']} {cell['worst']} of {cell['thing']}, limit {cell['objective']}"
        verdict = cell["verdict"]
        yield TestCase(
            "objective",
            cell["metric"],
            failure=said if verdict == "missed" else None,
            skipped=None if verdict in ("missed", "met") else verdict if verdict.startswith("not") else said,
        )


def _unjudged(table: Table) -> Iterator[TestCase]:
    for row in table.rows:
        cell = {column.key: printable(value.text) for column, value in zip(table.columns, row, strict=True)}
        yield TestCase(
            f"rule.{cell['analyzer']}", cell["rule"], skipped=f"not judged in {cell['hours']} hours: {cell['reason']}"
        )


def _tables(report: Report, key: str) -> Iterator[Table]:
    return (table for section in report.sections for table in section.tables if table.key == key)
