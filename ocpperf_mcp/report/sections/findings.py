"""Findings as episodes, with evidence, likely causes and actions."""

from collections import defaultdict
from collections.abc import Sequence

from ocpperf_mcp.extent import aware
from ocpperf_mcp.report.model import Action, Finding, RootCause, Value
from ocpperf_mcp.report.reading import Reading, Row, shown

RELATION = "rpt_findings"
_TAKEN = (
    "finding_id", "kind", "severity", "rule", "analyzer", "entity_kind", "entity", "node", "open", "provisional",
    "certainty", "tier", "source", "coverage", "acknowledged", "summary",
)  # fmt: skip
_FINDINGS = f"""
select
    * exclude (observed, limit_value),
    {shown("observed")}, {shown("limit_value")}
from report_finding
order by list_position(['critical', 'warning', 'info'], severity), acknowledged, start, rule, entity
"""
_CAUSES = """
select
    finding_id, cause, title, strength, statement, evidence, competing as rivals,
    coalesce(check_command, '') as check_command, coalesce(check_tells, '') as check_tells
from rpt_root_cause
where cluster = $cluster and finding_id in (select finding_id from report_finding)
order by finding_id, place
"""


def findings(reading: Reading) -> tuple[Finding, ...]:
    """The worst first, what somebody knows of after what nobody does."""
    causes: dict[str, list[RootCause]] = defaultdict(list)
    for row in reading.rows(_CAUSES):
        causes[row.pop("finding_id")].append(RootCause(**row))
    return tuple(_finding(reading, row, causes[row["finding_id"]]) for row in reading.rows(_FINDINGS))


def in_order(found: Sequence[Finding]) -> tuple[Finding, ...]:
    """Findings of several clusters, as those of one are ordered."""
    severities = ("critical", "warning", "info")
    return tuple(
        sorted(
            found,
            key=lambda one: (severities.index(one.severity), one.acknowledged, one.start, one.cluster, one.rule),
        )
    )


def _finding(reading: Reading, row: Row, causes: list[RootCause]) -> Finding:
    evidence = row["evidence"]
    about = {**row, "metric": evidence["metric"]}
    about |= {name: evidence[name] for name in ("samples_expected", "samples_found")}
    # The level is that of the whole episode, which may have begun before the window.
    claimed = reading.claims.value(
        row["observed"],
        about,
        "worst",
        cluster=reading.cluster,
        relation=RELATION,
        window=reading.window,
        reference=row["finding_id"],
    )
    limit = row["limit_value"]
    return Finding(
        **{name: row[name] for name in _TAKEN},
        cluster=reading.cluster,
        metric=evidence["metric"],
        start=aware(row["start"]),
        end=aware(row["end"]),
        observed=claimed,
        limit=Value(text=limit["text"], number=limit["number"], unit=limit["unit"]),
        held_s=row["duration_s"],
        during=row["during"] or "",
        raised_by=row["raised_by"] or "",
        acknowledged_because=row["acknowledged_because"] or "",
        common_causes=tuple(row["causes"] or ()),
        root_causes=tuple(causes),
        actions=tuple(
            Action(**{name: words for name, words in action.items() if words}) for action in row["actions"] or ()
        ),
    )
