"""Findings as the closed hours of the published warehouse show them."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

import duckdb
from pydantic import AwareDatetime, Field

from ocpperf_assets.catalogue.vocabulary import Frozen, Severity
from ocpperf_mcp.contracts.windows import HOUR
from ocpperf_mcp.extent import aware

# The open hour may take back what it shows. Views find this table before the one that has its name, so that episodes,
# severities and words are those of the closed hours alone.
_CLOSED = "create or replace temp table fct_bottleneck as from fct_bottleneck where not provisional"
_EPISODES = """
with

newest as (
    select coverage.cluster, coverage.metric, max(coverage.hour) as hour
    from fct_coverage_hourly as coverage
    where not coverage.provisional
        and (coverage.status in ('ok', 'partial') or (coverage.status = 'empty' and coverage.absent_means <> 'missing'))
    group by all
),

ends as (
    select found.cluster, found.finding_id, max(judged.hour) as last_hour
    from rpt_findings as found
    join fct_bottleneck as judged
        on judged.cluster = found.cluster and judged.rule = found.rule and judged.entity_kind = found.entity_kind
        and judged.entity = found.entity and judged.first_seen >= found.start and judged.last_seen <= found."end"
    group by all
)

select
    found.finding_id, found.aliases, found.cluster, found.rule, found.analyzer, found.entity_kind, found.entity,
    found.node, found.severity, found.start, found."end",
    coalesce(ends.last_hour >= newest.hour, false) and dim_metric.metric is not null as open,
    found.acknowledged,
    readable(found.observed, found.unit) as observed, readable(found.limit_value, found.unit) as limit_value,
    found.tier, found.source, coalesce(found.during, '') as during, found.summary,
    found.evidence.metric as metric, ends.last_hour, newest.hour as newest_hour
from rpt_findings as found
join ends on ends.cluster = found.cluster and ends.finding_id = found.finding_id
left join newest on newest.cluster = found.cluster and newest.metric = found.evidence.metric
left join dim_metric on dim_metric.metric = found.evidence.metric
order by list_position(['critical', 'warning', 'info'], found.severity), found.start, found.cluster, found.finding_id
"""
_JUDGED = """
select
    exists (from dim_rule where rule = $rule)
    and (
        select count(distinct hour) from fct_coverage_hourly
        where cluster = $cluster and not provisional and hour >= $t0::timestamp and hour < $t1::timestamp
    ) > (
        select coalesce(sum(hours), 0) from rpt_not_evaluated($cluster, $t0::timestamp, $t1::timestamp)
        where rule = $rule
    )
    and (
        exists (from dim_metric where metric = $metric and (absent_means = 'zero' or kind = 'state'))
        or exists (
            from fct_series_hourly as found
            join dim_series as series on series.cluster = found.cluster and series.series_id = found.series_id
            where found.cluster = $cluster and found.hour >= $t0::timestamp and found.hour < $t1::timestamp
                and found.samples > 0
                and series.metric = $metric and series.entity_kind = $entity_kind and series.entity = $entity
        )
    )
"""


class Episode(Frozen):
    """One finding; `observed` and `limit` are as people read them."""

    finding_id: str
    aliases: tuple[str, ...] = Field(default=(), exclude=True)
    """Ids that it had before earlier hours were collected, or would have without its first ones."""
    cluster: str
    rule: str
    analyzer: str
    entity_kind: str
    entity: str
    node: str | None = None
    severity: Severity
    start: AwareDatetime
    end: AwareDatetime
    open: bool
    """It fired in the newest closed hour in which its metric was collected."""
    ended: bool = Field(default=False, exclude=True)
    """A later hour was judged and did not fire. Known only of those that were asked about."""
    acknowledged: bool = Field(default=False, exclude=True)
    observed: str
    limit: str
    tier: str
    source: str
    during: str = ""
    summary: str

    @property
    def ids(self) -> frozenset[str]:
        return frozenset((self.finding_id, *self.aliases))


def read_episodes(con: duckdb.DuckDBPyConnection, remembered: Collection[str]) -> list[Episode]:
    """Every episode of the closed hours, the worst first.

    Of those with an id in `remembered` it is found out whether they have ended. Makes a temporary table on the
    connection, which is to be used for nothing else.
    """
    con.execute(_CLOSED)
    cursor = con.execute(_EPISODES)
    names = [column[0] for column in cursor.description or ()]
    return [_episode(con, dict(zip(names, row, strict=True)), remembered) for row in cursor.fetchall()]


def _episode(con: duckdb.DuckDBPyConnection, row: dict[str, Any], remembered: Collection[str]) -> Episode:
    metric, last, newest = (row.pop(name) for name in ("metric", "last_hour", "newest_hour"))
    asked = not row["open"] and not {row["finding_id"], *row["aliases"]}.isdisjoint(remembered)
    return Episode(
        **{name: value for name, value in row.items() if name not in ("start", "end", "limit_value")},
        start=aware(row["start"]),
        end=aware(row["end"]),
        limit=row["limit_value"],
        ended=asked and newest is not None and _was_judged(con, row, metric, last + HOUR, newest + HOUR),
    )


def _was_judged(
    con: duckdb.DuckDBPyConnection, row: dict[str, Any], metric: str, start: datetime, end: datetime
) -> bool:
    """Whether the rule was judged in an hour of the window, with something measured of the entity.

    An hour in which nobody asked, a metric or rule that is no more, and a thing that fell silent all end nothing.
    """
    if end <= start:
        return False
    about = {name: row[name] for name in ("cluster", "rule", "entity_kind", "entity")}
    ((judged,),) = con.execute(_JUDGED, {**about, "metric": metric, "t0": start, "t1": end}).fetchall()
    return bool(judged)
