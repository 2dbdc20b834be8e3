"""Which of the missing hours are collected next, and as which runs."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice

from ocpperf_assets.catalogue import Catalogue
from ocpperf_assets.healing.reach import Reach
from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.contracts.windows import HOUR, Window, floor_hour
from ocpperf_mcp.warehouse import open_published

# An hour that failed in three collections of four attempts each is left alone, or it would keep the others waiting.
TRIED_ENOUGH = 12

Metrics = frozenset[tuple[str, str]]
"""(domain, metric) pairs."""

_MISSING = """
select hour, list((domain, metric))
from gap($cluster, $oldest::timestamp, $asked_at::timestamp)
where state = 'recoverable' and hour < $before
  and (reason <> 'failed' or attempts < $tried_enough)
group by hour
order by hour
limit $limit
"""


@dataclass(frozen=True)
class Stretch:
    """Consecutive hours that miss the same metrics: one run."""

    window: Window
    metrics: Metrics

    @property
    def hours(self) -> int:
        return int(self.window.duration / HOUR)

    def by_domain(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = {}
        for domain, metric in sorted(self.metrics):
            found.setdefault(domain, []).append(metric)
        return found


def missing_hours(home: Home, reach: Reach, catalogue: Catalogue, limit: int) -> list[tuple[datetime, Metrics]]:
    """At most `limit` hours with what they miss, oldest first. The hour that has just closed is the schedule's."""
    before = floor_hour(reach.asked_at) - HOUR
    if not home.link.exists():
        everything = frozenset((metric.domain, metric.name) for metric in catalogue.metrics)
        return [(hour, everything) for hour in islice(_hours(reach.oldest, before), limit)]
    parameters = {
        "cluster": reach.cluster,
        "oldest": reach.oldest.replace(tzinfo=None),
        "asked_at": reach.asked_at.replace(tzinfo=None),
        "before": before.replace(tzinfo=None),
        "tried_enough": TRIED_ENOUGH,
        "limit": limit,
    }
    with open_published(home) as con:
        rows = con.execute(_MISSING, parameters).fetchall()
    return [(hour.replace(tzinfo=UTC), frozenset(metrics)) for hour, metrics in rows]


def stretches(missing: Sequence[tuple[datetime, Metrics]]) -> list[Stretch]:
    """The hours as few runs: those that follow each other and miss the same are joined."""
    joined: list[Stretch] = []
    for hour, metrics in missing:
        last = joined[-1] if joined else None
        if last and last.window.end == hour and last.metrics == metrics:
            joined[-1] = Stretch(Window(last.window.start, hour + HOUR), metrics)
        else:
            joined.append(Stretch(Window(hour, hour + HOUR), metrics))
    return joined


def _hours(start: datetime, end: datetime) -> Iterator[datetime]:
    """Whole hours from the first one that begins at or after `start`."""
    hour = floor_hour(start)
    hour += HOUR if hour < start else 0 * HOUR
    while hour < end:
        yield hour
        hour += HOUR
