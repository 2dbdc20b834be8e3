"""One metric in three ways: each thing's statistics, groups of things, series."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from typing import Any

from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.contracts.windows import Window
from ocpperf_mcp.extent import aware
from ocpperf_mcp.nearest import meant
from ocpperf_mcp.tools.answer import Row, moment
from ocpperf_mcp.tools.asks import Ask, MetricAsk
from ocpperf_mcp.tools.draft import Draft, written
from ocpperf_mcp.tools.metric_tables import add_levels, legend, say_collected
from ocpperf_mcp.tools.question import Place, Question, naive, narrowing

_METRIC = """
select
    metric, title, unit, domain, case when kind = 'histogram' then metric else quantile_of end as family,
    objective_value as objective, objective_tier as tier,
    case when kind = 'histogram' then 300 else coalesce(step_s, 60) end as step_s
from dim_metric where metric = $metric
"""
_COLLECTED = """
select metric, coverage, provisional, absence from rpt_collected($cluster, $t0::timestamp, $t1::timestamp)
where metric = $metric
"""
_MERGED = """
from rpt_latency_merged($cluster, $t0::timestamp, $t1::timestamp, $by) where metric = $metric
"""
_MERGED_COLUMNS = (
    "metric", "scope", "entities", "observations", "p50", "p90", "p99", "p99_low", "p99_high", "certainty",
)  # fmt: skip
_GROUPED = "from rpt_group($cluster, [$metric], $t0::timestamp, $t1::timestamp, $by)"
_GROUP_COLUMNS = ("metric", "scope", "things", "mean", "mean_before", "sum", "min", "max", "worst")
_SERIES = """
select *, max(value) over (partition by entity, part) as highest
from rpt_series($cluster, [$metric], $t0::timestamp, $t1::timestamp, to_seconds($width_s))
where ($role is null or role = $role) and ($nodes is null or list_contains($nodes, node))
order by highest desc, entity, part, ts
"""
_WIDTHS_S = (60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400)


@dataclass(frozen=True)
class KnownMetric:
    """What the catalogue says of a metric."""

    row: Row

    @property
    def name(self) -> str:
        return str(self.row["metric"])

    @property
    def family(self) -> str | None:
        """The bucket family that has its quantiles: its own, or the one it is a quantile of."""
        family: str | None = self.row["family"]
        return family


def known_metric(question: Question[Ask], name: str) -> KnownMetric:
    """Raises OcpperfError with the nearest name where the catalogue has none of that name."""
    if found := question.rows(_METRIC, metric=name):
        return KnownMetric(found[0])
    names = [row["metric"] for row in question.rows("select metric from dim_metric")]
    raise OcpperfError(f"The catalogue has no metric '{name}'.", f"{meant(name, names, 'metric')} See list_metrics.")


def add_one(draft: Draft, question: Question[MetricAsk], place: Place, metric: KnownMetric) -> None:
    """Statistics of each thing."""
    add_levels(draft, question, place, [metric.row])
    draft.metrics.setdefault(metric.name, legend(metric.row))


def add_group(draft: Draft, question: Question[MetricAsk], place: Place, metric: KnownMetric, by: str) -> None:
    """Things taken together: buckets of latencies are merged, levels of others averaged and summed."""
    if question.ask.role is not None or question.ask.nodes is not None:
        raise OcpperfError("A group is made of all its things.", "Leave role and nodes out, or group_by.")
    if metric.family is not None and by == "node":
        raise OcpperfError("Latencies are merged by role or cluster.", "Leave group_by out: each entity is a node's.")
    parameters = {**place.parameters, "by": by}
    if metric.family is not None:
        rows = question.rows(_MERGED, **parameters, metric=metric.family)
        draft.add("groups", _MERGED_COLUMNS, rows)
        draft.notes.append("Quantiles of all operations, from merged buckets.")
    else:
        rows = question.rows(_GROUPED, **parameters, metric=metric.name)
        draft.add("groups", _GROUP_COLUMNS, rows)
    if rows:
        draft.answered = written(Window(aware(rows[0]["window_start"]), aware(rows[0]["window_end"])))
    _say(draft, question, place, metric, rows)


def add_series(draft: Draft, question: Question[MetricAsk], place: Place, metric: KnownMetric, points: int) -> None:
    """One row a thing, one value a piece of time, the highest first; null where a piece has no value."""
    width_s = resolution(place.window, points, metric.row["step_s"])
    narrowed = narrowing(question, place.cluster)
    found = question.rows(_SERIES, **place.parameters, **narrowed, metric=metric.name, width_s=width_s)
    rows = _pivoted(found, place, width_s)
    draft.add("series", ("entity", "part", "role", "values"), rows[: question.ask.top_n])
    if len(rows) > question.ask.top_n:
        draft.notes.append(f"The {question.ask.top_n} highest of {len(rows)} series: see top_n.")
    draft.notes.append(f"Values every {width_s} s from {moment(place.window.start)} on.")
    _say(draft, question, place, metric, found)


def resolution(window: Window, points: int, least_s: int) -> int:
    """Seconds between two values, so that at most `points` fill the window and none is shorter than a sample's step."""
    wanted = window.duration.total_seconds() / points
    for width_s in _WIDTHS_S:
        if width_s >= max(wanted, least_s):
            return width_s
    return ceil(wanted / _WIDTHS_S[-1]) * _WIDTHS_S[-1]


def _pivoted(found: Sequence[Row], place: Place, width_s: int) -> list[Row]:
    start = naive(place.window.start)
    pieces = ceil(place.window.duration / timedelta(seconds=width_s))
    values: dict[tuple[str, str, str], list[Any]] = defaultdict(lambda: [None] * pieces)
    for row in found:
        at = int((row["ts"] - start).total_seconds() // width_s)
        values[row["entity"], row["part"], row["role"]][at] = row["value"]
    return [
        {"entity": entity, "part": part, "role": role, "values": line} for (entity, part, role), line in values.items()
    ]


def _say(draft: Draft, question: Question[MetricAsk], place: Place, metric: KnownMetric, rows: Sequence[Row]) -> None:
    draft.metrics[metric.name] = legend(metric.row)
    collected = question.rows(_COLLECTED, **place.parameters, metric=metric.name)
    say_collected(draft, collected, {metric.name} if rows else ())
