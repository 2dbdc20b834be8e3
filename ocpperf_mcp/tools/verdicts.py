"""What three tools of each analyzer answer: deep drive, bottleneck analysis, report."""

from collections import defaultdict
from typing import Any

from ocpperf_mcp.tools.answer import Row
from ocpperf_mcp.tools.asks import MetricAsk, VerdictAsk
from ocpperf_mcp.tools.draft import Draft, draft_of
from ocpperf_mcp.tools.finding_details import detailed, overlapping
from ocpperf_mcp.tools.metric_tables import legend, say_silent
from ocpperf_mcp.tools.question import Place, Question, narrowing, place_of
from ocpperf_mcp.tools.report_text import report_text

_DRIVEN = """
select found.*
from rpt_deep_drive($cluster, $analyzer, $t0::timestamp, $t1::timestamp) as found
left join dim_node on dim_node.cluster = $cluster and dim_node.node = found.node
where $role is null and $nodes is null or found.change = 'no data'
    or (($role is null or dim_node.role = $role) and ($nodes is null or list_contains($nodes, found.node)))
"""
_DRIVE_COLUMNS = ("metric", "entity", "part", "value", "status", "before", "ratio", "change", "coverage")
_NOT_EVALUATED = """
select rule, metric, reason, hours, hours_collected as of_hours
from rpt_not_evaluated($cluster, $t0::timestamp, $t1::timestamp)
where analyzer = $analyzer
"""
_OF_NODES = """
analyzer = $analyzer
    and ($nodes is null or list_contains($nodes, node))
    and ($role is null or node in (select node from dim_node where cluster = $cluster and role = $role))
"""


def deep_drive(question: Question[MetricAsk], analyzer: str) -> Draft:
    """Levels of an analyzer against objectives and the window before, the worst first."""
    place = place_of(question)
    draft = draft_of(place)
    found = question.rows(_DRIVEN, **place.parameters, **narrowing(question, place.cluster), analyzer=analyzer)
    rows = _worst([row for row in found if row["change"] != "no data"], question.ask.top_n)
    draft.add("levels", _DRIVE_COLUMNS, rows)
    draft.metrics = {row["metric"]: legend(row) for row in rows}
    silent: dict[str, list[str]] = defaultdict(list)
    for row in found:
        if row["change"] == "no data":
            silent[row["reason"]].append(row["metric"])
    say_silent(draft, silent, len({row["metric"] for row in found}))
    return draft


def _worst(rows: list[Row], top_n: int) -> list[Row]:
    """The first of each metric, in the order they come in."""
    seen: dict[str, int] = defaultdict(int)
    kept = []
    for row in rows:
        seen[row["metric"]] += 1
        if seen[row["metric"]] <= top_n:
            kept.append(row)
    return kept


def bottlenecks(question: Question[VerdictAsk], analyzer: str) -> Draft:
    """Findings of an analyzer with evidence, causes and actions, and the rules that could not be judged."""
    place, found = _findings(question, analyzer)
    draft = draft_of(place)
    draft.findings = detailed(question, place, found)
    unjudged = question.rows(_NOT_EVALUATED, **place.parameters, analyzer=analyzer)
    draft.add("not_evaluated", ("rule", "metric", "reason", "hours", "of_hours"), unjudged)
    if not found:
        draft.notes.append(_silence(unjudged))
    return draft


def report(question: Question[VerdictAsk], analyzer: str) -> Draft:
    """The same and more as a text for people."""
    place, found = _findings(question, analyzer)
    draft = draft_of(place)
    draft.text = report_text(question, place, analyzer, found)
    return draft


def _findings(question: Question[VerdictAsk], analyzer: str) -> tuple[Place, list[Row]]:
    place = place_of(question)
    narrowed: dict[str, Any] = narrowing(question, place.cluster)
    return place, overlapping(question, place, _OF_NODES, analyzer=analyzer, **narrowed)


def _silence(unjudged: list[Row]) -> str:
    if not unjudged:
        return "No rule fired, and every rule was judged in every hour."
    rules = len({row["rule"] for row in unjudged})
    return f"No rule fired. {rules} rules could not be judged in some hours, and say nothing there: see not_evaluated."
