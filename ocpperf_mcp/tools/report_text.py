"""The report's Markdown: findings, objectives, alerts, events, what is missing; sections as long as a page bears."""

from collections.abc import Iterator, Sequence

from ocpperf_mcp.tools.answer import Row, moment
from ocpperf_mcp.tools.asks import WindowAsk
from ocpperf_mcp.tools.draft import written
from ocpperf_mcp.tools.question import Place, Question

_SHOWN = 8
_SHOWN_METRICS = "select metric from dim_metric_tool where tool = $tool"
_LATENCIES = """
select
    found.metric, dim_metric.title, found.entity, found.certainty, found.observations::bigint as observations,
    readable(found.p50, found.unit) as p50, readable(found.p99, found.unit) as p99,
    readable(found.objective, found.unit) as objective
from entity_latency($cluster, $t0::timestamp, $t1::timestamp, $shown) as found
join dim_metric on dim_metric.metric = found.metric
where found.objective is not null and found.p99 is not null
order by list_position(['certain', 'possible', 'none'], certainty), found.p99 / found.objective desc, entity
"""
_OBJECTIVES = """
select
    title, entity, count(*) filter (missed = 'certain') as hours_missed, count(*) as hours,
    readable(max(observed), any_value(unit)) as highest, readable(any_value(objective), any_value(unit)) as objective
from rpt_objective
where list_contains($shown, metric) and cluster = $cluster and series_id is not null and missed is not null
    and hour >= time_bucket(interval 1 hour, $t0::timestamp) and hour < $t1::timestamp
group by title, entity
having count(*) filter (missed = 'certain') > 0
order by hours_missed desc, title, entity
"""
_ALERTS = "from rpt_alert($cluster, $t0::timestamp, $t1::timestamp)"
_EVENTS = """
select summary from fct_event
where cluster = $cluster and start >= $t0::timestamp and start < $t1::timestamp and kind not like 'alert-%'
order by start desc
"""
_MISSING = """
select metric, absence, hours_lacking, hours
from rpt_collected($cluster, $t0::timestamp, $t1::timestamp)
where list_contains($shown, metric) and (status is null or status <> 'ok' or hours_lacking > 0)
"""


def report_text(question: Question[WindowAsk], place: Place, analyzer: str, found: Sequence[Row]) -> str:
    """One page about an analyzer over a window."""
    shown = [row["metric"] for row in question.rows(_SHOWN_METRICS, tool=question.tool)]
    about = {**place.parameters, "shown": shown}
    sections = {
        "Findings": _findings(found),
        "Latencies against their objectives": map(_latency, question.rows(_LATENCIES, **about)),
        "Other objectives missed": map(_objective, question.rows(_OBJECTIVES, **about)),
        "Alerts that fired longest": map(_alert, question.rows(_ALERTS, **place.parameters)),
        "Events": (row["summary"] for row in question.rows(_EVENTS, **place.parameters)),
        "Not or not fully collected": map(_missing, question.rows(_MISSING, **about)),
    }
    lines = [f"# {analyzer} on {place.cluster}, {written(place.window)}"]
    for title, said in sections.items():
        lines += [f"\n## {title}\n", *_section(list(said))]
    return "\n".join(lines) + "\n"


def _section(lines: Sequence[str]) -> Iterator[str]:
    """The first lines as a list, and how many more there are."""
    if not lines:
        yield "None."
    # A line break in a label's value would end the item, and could begin a heading of its own.
    yield from (f"- {' '.join(line.split())}" for line in lines[:_SHOWN])
    if len(lines) > _SHOWN:
        yield f"- and {len(lines) - _SHOWN} more"


def _findings(found: Sequence[Row]) -> Iterator[str]:
    for row in found:
        known = ", acknowledged" if row["acknowledged"] else ""
        still = ", still open" if row["open"] else ""
        during = f", during {row['during']}" if row["during"] else ""
        yield f"**{row['severity']}**{known}{still}{during}: {row['summary']} (`{row['finding_id']}`)"


def _latency(row: Row) -> str:
    words = {"certain": "**missed**", "possible": "possibly missed", "none": "met"}
    judged = words.get(row["certainty"], "too few observations")
    return (
        f"{row['title']}, {row['entity']}: P99 {row['p99']}, P50 {row['p50']}, objective {row['objective']}: {judged}"
        f" ({row['observations']} observations)"
    )


def _objective(row: Row) -> str:
    hours = f"missed in {row['hours_missed']} of {row['hours']} hours"
    return f"{row['title']}, {row['entity']}: {hours}, objective {row['objective']}, highest {row['highest']}"


def _alert(row: Row) -> str:
    flaps = ", flaps" if row["flaps"] else ""
    where = f" in {row['namespace']}" if row["namespace"] else ""
    minutes = f"{row['firing_s'] // 60} min, last {moment(row['last_seen'])}"
    return f"{row['alert']} ({row['severity']}){where}: {minutes}{flaps}"


def _missing(row: Row) -> str:
    if row["hours_lacking"] and row["hours_lacking"] < row["hours"]:
        return f"{row['metric']}: {row['hours_lacking']} of {row['hours']} hours covered by less than 80 %"
    return f"{row['metric']}: {row['absence']}"
