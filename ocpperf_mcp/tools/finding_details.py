"""Findings with everything that is known of each: evidence, likely causes, actions."""

from collections.abc import Sequence

from ocpperf_mcp.tools.answer import Row, plain
from ocpperf_mcp.tools.asks import WindowAsk
from ocpperf_mcp.tools.question import Place, Question

ORDER = "order by list_position(['critical', 'warning', 'info'], severity), acknowledged, start desc, rule, entity"
OVERLAPPING = 'cluster = $cluster and start < $t1::timestamp and "end" >= $t0::timestamp'
_CAUSES = """
select finding_id, title, statement, strength, competing, check_command, check_tells
from rpt_root_cause
where cluster = $cluster and list_contains($ids, finding_id)
order by finding_id, place
"""
_SAID = ("finding_id", "severity", "rule", "entity", "node", "start", "end", "open", "summary", "certainty", "coverage")
_SOMETIMES = ("provisional", "during", "raised_by", "acknowledged", "acknowledged_because")
_CAUSES_SHOWN = 2


def overlapping(
    question: Question[WindowAsk], place: Place, condition: str = "true", **parameters: object
) -> list[Row]:
    """Findings that overlap the window, the most severe first. `condition` is ours, its parameters are the caller's."""
    return question.rows(
        f"select * from rpt_findings where {OVERLAPPING} and ({condition}) {ORDER}", **place.parameters, **parameters
    )


def detailed(question: Question[WindowAsk], place: Place, found: Sequence[Row]) -> list[Row]:
    """Each with evidence, likely causes and actions; what all findings of a rule share stands at the first."""
    causes: dict[str, list[Row]] = {row["finding_id"]: [] for row in found}
    for row in question.rows(_CAUSES, cluster=place.cluster, ids=list(causes)):
        causes[row.pop("finding_id")].append(_cause(row))
    said: set[str] = set()
    return [_detail(row, causes[row["finding_id"]], said) for row in found]


def _cause(row: Row) -> Row:
    return {name: value for name, value in row.items() if value not in (None, [])}


def _detail(row: Row, causes: list[Row], said: set[str]) -> Row:
    evidence = row["evidence"]
    detail = {name: row[name] for name in _SAID if row[name] is not None}
    detail |= {name: row[name] for name in _SOMETIMES if row[name]}
    detail["evidence"] = {
        "metric": evidence["metric"], "observed": row["observed"], "limit": row["limit_value"], "unit": row["unit"],
        "tier": row["tier"], "source": row["source"], "held_s": row["duration_s"],
        "samples": evidence["samples_found"], "of": evidence["samples_expected"],
    }  # fmt: skip
    if causes:
        detail["causes"] = causes[:_CAUSES_SHOWN]
    if row["rule"] in said:
        detail["actions"] = f"those of the first {row['rule']}"
    elif row["actions"]:
        detail["actions"] = row["actions"]
        said.add(row["rule"])
    return {name: plain(value) for name, value in detail.items()}
