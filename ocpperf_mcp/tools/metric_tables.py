"""Metrics with their levels over a window: the table that most tools show."""

from collections import defaultdict
from collections.abc import Collection, Sequence

from ocpperf_mcp.contracts.windows import Window
from ocpperf_mcp.extent import aware
from ocpperf_mcp.tools.answer import Row, plain
from ocpperf_mcp.tools.asks import MetricAsk
from ocpperf_mcp.tools.capacity_table import add_capacity
from ocpperf_mcp.tools.draft import Draft, draft_of, written
from ocpperf_mcp.tools.question import Place, Question, narrowing, place_of

COLUMNS = (
    "metric",
    "entity",
    "part",
    "role",
    "avg",
    "p50",
    "p95",
    "p99",
    "max",
    "last",
    "before",
    "status",
    "observations",
)
LATENCY_COLUMNS = (
    "metric",
    "entity",
    "part",
    "role",
    "p50",
    "p90",
    "p99",
    "worst_5m",
    "slow_share",
    "before",
    "status",
    "observations",
)
KINDS = ("gauge", "histogram", "state")
_OF_TOOL = """
select
    metric, domain, case when kind = 'histogram' then metric else quantile_of end as family,
    capacity_value is not null as is_limited
from dim_metric
where metric in (select metric from dim_metric_tool where tool = $tool) and list_contains($kinds, kind)
"""
_LEVELS = """
select *, max as worst_5m, case when slow_share_low is not null then [slow_share_low, slow_share_high] end as slow_share
from rpt_metric(
    $cluster, $shown, $families::varchar[], $domains, $t0::timestamp, $t1::timestamp, $role, $nodes, $top_n
)
"""
_COLLECTED = """
select
    metric, coverage, provisional,
    case
        when status in ('ok', 'partial') and $narrowed then 'nothing of it on the nodes asked for' else absence
    end as absence
from rpt_collected($cluster, $t0::timestamp, $t1::timestamp)
where list_contains($shown, metric)
"""
_LITTLE = 0.8
_NAMED = 4


def shown_metrics(question: Question[MetricAsk]) -> Draft:
    """The answer of a tool that shows the metrics which the catalogue gives it."""
    place = place_of(question)
    draft = draft_of(place)
    add_metrics(draft, question, place)
    return draft


def add_metrics(draft: Draft, question: Question[MetricAsk], place: Place, kinds: Collection[str] = KINDS) -> None:
    """The metrics of the question's own tool, with what is left of what is limited, and what is missing and why."""
    metrics = question.rows(_OF_TOOL, tool=question.tool, kinds=list(kinds))
    if limited := [row["metric"] for row in metrics if row["is_limited"]]:
        add_capacity(draft, question, place, limited)
    add_levels(draft, question, place, metrics)


def add_levels(draft: Draft, question: Question[MetricAsk], place: Place, metrics: Sequence[Row]) -> None:
    """Those metrics, each with its domain and the bucket family that it is, or is a quantile of."""
    narrowed = narrowing(question, place.cluster)
    parameters = {**place.parameters, "shown": [row["metric"] for row in metrics]}
    domains = sorted({row["domain"] for row in metrics})
    families = sorted({row["family"] for row in metrics if row["family"]})
    rows = question.rows(
        _LEVELS, **parameters, **narrowed, families=families, domains=domains, top_n=question.ask.top_n
    )
    for row in without_twins(rows):
        name, columns = ("latencies", LATENCY_COLUMNS) if row["is_latency"] else ("metrics", COLUMNS)
        draft.add_row(name, columns, row)
    draft.metrics |= {row["metric"]: legend(row) for row in rows}
    _say_source(draft, rows)
    is_narrowed = any(value is not None for value in narrowed.values())
    collected = question.rows(_COLLECTED, **parameters, narrowed=is_narrowed)
    say_collected(draft, collected, {row["metric"] for row in rows})


def without_twins(rows: Sequence[Row]) -> list[Row]:
    """Without the bucket families whose quantile of the same thing is there: it has the same numbers and its worst."""
    told = {(row["quantile_of"], row["entity_kind"], row["entity"]) for row in rows if row["p99"] is not None}
    return [row for row in rows if (row["metric"], row["entity_kind"], row["entity"]) not in told]


def legend(row: Row) -> Row:
    """What the numbers of a metric mean."""
    entry = {"title": row["title"], "unit": row["unit"]}
    if row.get("objective") is not None:
        entry["objective"] = f"{plain(row['objective'])} ({row['tier']})"
    return entry


def say_collected(draft: Draft, collected: Sequence[Row], with_rows: Collection[str]) -> None:
    """Coverage of what is shown, and the metrics without a value with the reason."""
    covered = [row["coverage"] for row in collected if row["metric"] in with_rows and row["coverage"] is not None]
    draft.coverage = plain(sum(covered) / len(covered)) if covered else None
    little = [row for row in collected if row["metric"] in with_rows and (row["coverage"] or 1) < _LITTLE]
    if little:
        words = ", ".join(f"{row['metric']} ({row['coverage']:.0%})" for row in little[:_NAMED])
        more = f" and {len(little) - _NAMED} more" if len(little) > _NAMED else ""
        draft.notes.append(f"Covered by less than 80 %: {words}{more}.")
    if any(row["provisional"] for row in collected):
        draft.notes.append("The newest hour is not complete yet.")
    silent: dict[str, list[str]] = defaultdict(list)
    for row in collected:
        if row["metric"] not in with_rows:
            silent[row["absence"]].append(row["metric"])
    say_silent(draft, silent, len(collected))


def say_silent(draft: Draft, silent: dict[str, list[str]], of_all: int) -> None:
    """How many metrics have no value, by reason, and a table that names them."""
    if not silent:
        return
    reasons = sorted(silent, key=lambda reason: -len(silent[reason]))
    words = "; ".join(f"{reason}: {len(silent[reason])}" for reason in reasons)
    draft.notes.append(f"{sum(map(len, silent.values()))} of {of_all} metrics have no value here ({words}).")
    draft.add("no_data", ("reason", "metrics"), [{"reason": why, "metrics": sorted(silent[why])} for why in reasons])


def _say_source(draft: Draft, rows: Sequence[Row]) -> None:
    """Where a window is wider than it was asked for, or its samples are gone, the answer says so."""
    if not rows:
        return
    answered = Window(aware(min(row["window_start"] for row in rows)), aware(max(row["window_end"] for row in rows)))
    draft.answered = written(answered)
    kinds = {row["source"] for row in rows if row["avg"] is not None}
    if kinds - {"samples"}:
        source = ", ".join(sorted(kinds - {"samples"}))
        draft.notes.append(f"The samples of this window are gone: means of {source}, and no p50, p95, p99 over time.")
