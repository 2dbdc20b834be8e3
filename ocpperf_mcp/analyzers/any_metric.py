"""Tools that take any metric, or none: clusters, the catalogue, one metric in every way, two windows."""

from typing import Annotated, Literal

from pydantic import Field

from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.contracts.windows import Window
from ocpperf_mcp.nearest import meant
from ocpperf_mcp.tools.answer import moment
from ocpperf_mcp.tools.asks import Ask, MetricAsk, NodesAsk
from ocpperf_mcp.tools.draft import Draft, draft_of, written
from ocpperf_mcp.tools.metric_tables import legend
from ocpperf_mcp.tools.one_metric import add_group, add_one, add_series, known_metric
from ocpperf_mcp.tools.question import Question, naive, narrowing, place_of, run_windows
from ocpperf_mcp.tools.registry import Toolbox
from ocpperf_mcp.window_words import window_of

ANY_METRIC = Toolbox()
MOST_POINTS = 300

_CLUSTERS = """
with
collected as (
    select
        cluster,
        min(hour) as first_hour,
        max(least(coalesce(collected_until, hour + interval 1 hour), hour + interval 1 hour)) as data_as_of,
        count(distinct hour) as hours
    from raw_extraction where status <> 'error' group by cluster
),
nodes as (
    select cluster, map_from_entries(list((role, n) order by role)) as nodes
    from (select cluster, coalesce(role, 'unknown') as role, count(*) as n from dim_node group by all)
    group by cluster
),
findings as (
    select cluster, count(*) filter (open) as open_findings from rpt_findings group by cluster
)
select
    collected.*, nodes.nodes, coalesce(findings.open_findings, 0) as open_findings,
    known.version, nullif(known.labels, map()) as labels, known.configured
from collected
left join dim_cluster as known on known.cluster = collected.cluster
left join nodes on nodes.cluster = collected.cluster
left join findings on findings.cluster = collected.cluster
order by cluster
"""
_CATALOGUE = """
with
words as (
    select unnest(string_split_regex(lower(trim($search)), '\\s+')) as word
),
hits as (
    select
        metric,
        count(*) as words,
        count(*) filter (contains(lower(metric), word) or contains(lower(title), word)) as in_name
    from dim_metric
    cross join words
    where contains(lower(concat_ws(' ', metric, title, description, category, domain)), word)
    group by metric
)
select
    dim_metric.metric, title, domain, kind, unit, better, description,
    case when objective_value is not null then readable(objective_value, unit) || ' ' || objective_tier end as objective
from dim_metric
left join hits on hits.metric = dim_metric.metric
where ($search = '' or hits.words = (select count(*) from words))
    and ($domain is null or domain = $domain)
order by hits.in_name desc nulls last, len(dim_metric.metric), dim_metric.metric
"""
_COMPARED = """
select found.*
from rpt_compare($cluster, $a0::timestamp, $a1::timestamp, $b0::timestamp, $b1::timestamp) as found
left join dim_node on dim_node.cluster = $cluster and dim_node.node = found.node
where ($metric is null or metric = $metric) and ($domain is null or domain = $domain)
    and ($role is null or dim_node.role = $role) and ($nodes is null or list_contains($nodes, found.node))
"""
_COMPARE_COLUMNS = (
    "change", "metric", "entity", "part", "statistic", "before", "after", "ratio", "effect_size", "met_before",
    "met_after", "reason",
)  # fmt: skip
_SILENT = ("unchanged", "not comparable")


class CatalogueAsk(Ask):
    """Words to look for in the catalogue."""

    search: Annotated[str, Field(description="words; all must occur")] = ""
    domain: str | None = None


class QueryAsk(MetricAsk):
    """One metric, in one of three ways."""

    metric: Annotated[str, Field(description="a name from list_metrics")]
    group_by: Annotated[
        Literal["node", "role", "cluster"] | None, Field(description="default: each entity; latencies merge buckets")
    ] = None
    points: Annotated[int, Field(ge=0, le=MOST_POINTS, description="over 0: a series of at most that many")] = 0


class CompareAsk(NodesAsk):
    """Two windows and what is compared in them."""

    baseline: Annotated[
        str | None, Field(description="run's name, START/END or START/24h; default: as long, just before")
    ] = None
    metric: str | None = None
    domain: str | None = None
    unchanged: Annotated[bool, Field(description="also what did not change")] = False


@ANY_METRIC.tool("Clusters", Ask)
def list_clusters(question: Question[Ask]) -> Draft:
    """The clusters, with labels and version, from when to when there is data, nodes by role, open findings. Start here.

    Example: what data is there?
    """
    draft = Draft()
    rows = question.rows(_CLUSTERS)
    draft.add(
        "clusters",
        (
            "cluster",
            "labels",
            "version",
            "first_hour",
            "data_as_of",
            "hours",
            "nodes",
            "open_findings",
            "configured",
        ),
        rows,
    )
    draft.data_as_of = max((moment(row["data_as_of"]) for row in rows), default="")
    if not rows:
        draft.notes.append("Nothing was collected yet: run `ocpperf collect --last 1h`.")
    return draft


@ANY_METRIC.tool("Metrics", CatalogueAsk)
def list_metrics(question: Question[CatalogueAsk]) -> Draft:
    """Search the catalogue: names, units, objectives and meaning of what is collected.

    Values come from query_metric.
    Example: is there a metric about fsync?
    """
    ask = question.ask
    if ask.domain is not None:
        known = {row["domain"] for row in question.rows("select distinct domain from dim_metric")}
        if ask.domain not in known:
            raise OcpperfError(f"There is no domain '{ask.domain}'.", meant(ask.domain, known, "domain"))
    draft = Draft()
    rows = question.rows(_CATALOGUE, search=ask.search, domain=ask.domain)
    draft.add("catalogue", ("metric", "title", "domain", "kind", "unit", "objective", "description"), rows)
    draft.notes.append(f"{len(rows)} metrics.")
    return draft


@ANY_METRIC.tool("One metric", QueryAsk)
def query_metric(question: Question[QueryAsk]) -> Draft:
    """Any metric over any window: statistics by entity, by group (merged P99 of a latency), or a series for a chart.

    Related metrics at once: the tool of their subject.
    Example: P99 of WAL fsync by role over a week.
    """
    ask = question.ask
    place = place_of(question)
    metric = known_metric(question, ask.metric)
    draft = draft_of(place)
    if ask.points and ask.group_by:
        raise OcpperfError("A series is of each entity.", "Leave group_by or points out.")
    if ask.points:
        add_series(draft, question, place, metric, ask.points)
    elif ask.group_by:
        add_group(draft, question, place, metric, ask.group_by)
    else:
        add_one(draft, question, place, metric)
    return draft


@ANY_METRIC.tool("Compare windows", CompareAsk)
def compare_windows(question: Question[CompareAsk]) -> Draft:
    """What differs between a window (duration, start_time, end_time) and a baseline: worse first, with effect size.

    Example: what changed since the upgrade?
    """
    ask = question.ask
    place = place_of(question)
    window = place.window
    before = Window(window.start - window.duration, window.start)
    if ask.baseline is not None:
        before = window_of(ask.baseline, run_windows(question, place.cluster), place.held)
    if ask.metric is not None:
        known_metric(question, ask.metric)
    found = question.rows(
        _COMPARED, cluster=place.cluster, a0=naive(before.start), a1=naive(before.end), b0=naive(window.start),
        b1=naive(window.end), metric=ask.metric, domain=ask.domain, **narrowing(question, place.cluster),
    )  # fmt: skip
    rows = [row for row in found if ask.unchanged or row["change"] not in _SILENT]
    draft = draft_of(place)
    draft.notes.append(f"Baseline: {written(before)}. {_counted([row['change'] for row in found])}")
    draft.add("changes", _COMPARE_COLUMNS, rows)
    draft.metrics = {row["metric"]: legend({**row, "tier": "objective"}) for row in rows}
    return draft


def _counted(changes: list[str]) -> str:
    if not changes:
        return "Nothing was measured in either window."
    return ", ".join(f"{changes.count(change)} {change}" for change in dict.fromkeys(changes)) + "."
