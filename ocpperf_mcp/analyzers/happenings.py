"""Tools about what happened: findings, alerts, events, and what was not collected."""

from typing import Annotated, Literal

from pydantic import Field

from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.nearest import meant
from ocpperf_mcp.tools.answer import Row
from ocpperf_mcp.tools.asks import MetricAsk, VerdictAsk
from ocpperf_mcp.tools.draft import Draft, draft_of
from ocpperf_mcp.tools.finding_details import detailed, overlapping
from ocpperf_mcp.tools.metric_tables import add_metrics
from ocpperf_mcp.tools.question import Place, Question, narrowing, place_of
from ocpperf_mcp.tools.registry import Toolbox

HAPPENINGS = Toolbox()

_FINDING_COLUMNS = (
    "finding_id", "severity", "rule", "entity", "start", "end", "open", "observed", "limit_value", "unit", "tier",
    "duration_s", "during", "acknowledged",
)  # fmt: skip
_CHOSEN = """
($severity is null or severity = $severity)
    and ($analyzer is null or analyzer = $analyzer)
    and ($rule is null or rule = $rule)
    and ($nodes is null or list_contains($nodes, node))
    and ($role is null or node in (select node from dim_node where cluster = $cluster and role = $role))
"""
_OF_NODES = """
($nodes is null or list_contains($nodes, node))
    and ($role is null or node in (select node from dim_node where cluster = $cluster and role = $role))
"""
_BY_ID = "select * from rpt_findings where cluster = $cluster and (finding_id = $id or list_contains(aliases, $id))"
_ALERTS = "from rpt_alert($cluster, $t0::timestamp, $t1::timestamp)"
_ALERT_COLUMNS = (
    "alert", "severity", "namespace", "firing_s", "beginnings", "mean_s", "flaps", "most_at_once", "first_seen",
    "last_seen",
)  # fmt: skip
_EVENTS = f"""
select start, kind, entity, about, summary
from fct_event
where cluster = $cluster and start >= $t0::timestamp and start < $t1::timestamp
    and ($kind is null or kind = $kind) and {_OF_NODES}
order by start desc, kind, entity
"""
_CHANGES = """
select kind, entity, start, "end", title
from rpt_change_window
where cluster = $cluster and start < $t1::timestamp and "end" >= $t0::timestamp
order by start desc
"""
_DOMAINS = """
select
    domain, count(*) as metrics, avg(coverage) as coverage, count(*) filter (status = 'ok') as ok,
    count(*) filter (status = 'empty') as empty, count(*) filter (status not in ('ok', 'empty')) as failed_or_partial,
    count(*) filter (status is null) as not_collected
from rpt_collected($cluster, $t0::timestamp, $t1::timestamp)
group by domain
order by coverage nulls first, domain
"""
_LACKING = """
select
    metric, status, coverage, hours_lacking, hours, error,
    case when coalesce(coverage, 0) = 0 then absence end as absence
from rpt_collected($cluster, $t0::timestamp, $t1::timestamp)
where status is null or status not in ('ok', 'empty') or hours_lacking > 0
order by status = 'error' desc nulls last, coverage nulls last, metric
"""
_GAPS = """
select
    state, reason, count(distinct metric) as metrics, count(*) as hours, min(hour) as first_hour, max(hour) as last_hour
from rpt_gap
where cluster = $cluster and hour >= time_bucket(interval 1 hour, $t0::timestamp) and hour < $t1::timestamp
group by state, reason
order by hours desc
"""


class FindingsAsk(VerdictAsk):
    """Findings by what they are about."""

    severity: Literal["critical", "warning", "info"] | None = None
    analyzer: Literal["etcd", "network", "ovnk"] | None = None
    rule: str | None = None
    finding_id: Annotated[str | None, Field(description="one finding, with evidence, causes and actions")] = None


class EventsAsk(MetricAsk):
    """Events of one kind."""

    default_duration = "24h"

    duration: Annotated[str | None, Field(description="1h30m, 7d or a run's name; ends with the data; default 24h")] = (
        None
    )
    kind: Annotated[str | None, Field(description="e.g. node-boot")] = None


@HAPPENINGS.tool("Findings", FindingsAsk)
def get_findings(question: Question[FindingsAsk]) -> Draft:
    """Rules that fired in any analyzer, most severe first; with finding_id everything about one.

    With causes and actions for all of one analyzer: its bottleneck analysis. A silent rule may not have been judged.
    Example: what was wrong since yesterday?
    """
    place = place_of(question)
    draft = draft_of(place)
    ask = question.ask
    if ask.finding_id is not None:
        draft.findings = detailed(question, place, _finding(question, place, ask.finding_id))
        return draft
    if ask.rule is not None:
        _known(question, "select rule from dim_rule", ask.rule, "rule")
    found = overlapping(
        question, place, _CHOSEN, severity=ask.severity, analyzer=ask.analyzer, rule=ask.rule,
        **narrowing(question, place.cluster),
    )  # fmt: skip
    draft.add("fired", _FINDING_COLUMNS, found)
    if not found:
        draft.notes.append("No rule fired that was asked for. get_coverage says what there was to judge.")
    return draft


def _finding(question: Question[FindingsAsk], place: Place, finding_id: str) -> list[Row]:
    """Raises OcpperfError where the cluster has no such finding."""
    if found := question.rows(_BY_ID, cluster=place.cluster, id=finding_id):
        return found
    raise OcpperfError(
        f"Cluster {place.cluster} has no finding '{finding_id}'.", "Call get_findings without finding_id for the ids."
    )


@HAPPENINGS.tool("Alerts", MetricAsk)
def get_alerts(question: Question[MetricAsk]) -> Draft:
    """Alerts by the time they fired, which flap, alerts pending, and the rules behind them.

    Alerts are the cluster's own; get_findings judges by published limits.
    Example: which alert fired longest?
    """
    place = place_of(question)
    draft = draft_of(place)
    draft.add("alerts", _ALERT_COLUMNS, question.rows(_ALERTS, **place.parameters))
    add_metrics(draft, question, place)
    return draft


@HAPPENINGS.tool("Events", EventsAsk)
def get_events(question: Question[EventsAsk]) -> Draft:
    """What happened when: reboots, upgrades, leader changes, restarts, alerts that began; newest first.

    Example: what happened before the latency rose?
    """
    place = place_of(question)
    ask = question.ask
    if ask.kind is not None:
        _known(question, "select distinct kind from fct_event", ask.kind, "kind of event")
    draft = draft_of(place)
    narrowed = narrowing(question, place.cluster)
    draft.add("changes", ("kind", "entity", "start", "end", "title"), question.rows(_CHANGES, **place.parameters))
    found = question.rows(_EVENTS, **place.parameters, **narrowed, kind=ask.kind)
    draft.add("events", ("start", "kind", "entity", "about", "summary"), found)
    if not found:
        draft.notes.append("No event that was asked for happened in this window.")
    add_metrics(draft, question, place)
    return draft


@HAPPENINGS.tool("Coverage", MetricAsk)
def get_coverage(question: Question[MetricAsk]) -> Draft:
    """How much was collected, by domain, and which metrics and hours are missing and why.

    Example: can I trust the answers about last night?
    """
    place = place_of(question)
    draft = draft_of(place)
    columns = ("domain", "metrics", "coverage", "ok", "empty", "failed_or_partial", "not_collected")
    draft.add("domains", columns, question.rows(_DOMAINS, **place.parameters))
    gaps = question.rows(_GAPS, **place.parameters)
    draft.add("gaps", ("state", "reason", "metrics", "hours", "first_hour", "last_hour"), gaps)
    columns = ("metric", "status", "coverage", "hours_lacking", "hours", "absence", "error")
    draft.add("lacking", columns, question.rows(_LACKING, **place.parameters))
    add_metrics(draft, question, place)
    return draft


def _known(question: Question[VerdictAsk | MetricAsk], query: str, word: str, what: str) -> None:
    known = {row.popitem()[1] for row in question.rows(query)}
    if word not in known:
        raise OcpperfError(f"There is no {what} '{word}'.", meant(word, known, what))
