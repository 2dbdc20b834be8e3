"""Whether calls can be answered, and how old what they are answered with is."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import duckdb

from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.extent import aware
from ocpperf_mcp.reader import Reader
from ocpperf_mcp.tools.answer import Row, moment

_PUBLISHED = "select max(version) from raw_publication"
_CLUSTERS = """
with
ends as (
    select
        cluster,
        max(least(coalesce(collected_until, hour + interval 1 hour), hour + interval 1 hour))
            filter (status <> 'error') as data_as_of,
        max(extracted_at) as last_collected_at,
        arg_max(run_id, extracted_at) as run_id
    from raw_extraction
    group by cluster
)
select
    ends.cluster, ends.data_as_of, ends.last_collected_at,
    count(*) as queries,
    count(*) filter (last.status = 'error') as failed,
    count(*) filter (last.status in ('partial', 'truncated')) as incomplete
from ends
join raw_extraction as last on last.cluster = ends.cluster and last.run_id is not distinct from ends.run_id
group by all
order by cluster
"""


@dataclass(frozen=True)
class ClusterHealth:
    """`data_as_of` is the end of what was collected, None when all of it failed; counts are of the last collection."""

    cluster: str
    data_as_of: datetime | None
    last_collected_at: datetime | None
    queries: int
    failed: int
    incomplete: int

    def age_s(self, now: datetime) -> int | None:
        """Whole seconds between the end of the data and `now`."""
        return int((now - self.data_as_of).total_seconds()) if self.data_as_of else None


@dataclass(frozen=True)
class Health:
    """Of the published warehouse. `fault` is one sentence where it cannot be read; then there is nothing else."""

    fault: str = ""
    version: int | None = None
    clusters: tuple[ClusterHealth, ...] = ()

    def is_stale(self, now: datetime, after: timedelta | None) -> bool:
        """Whether any cluster's data is older than `after`; never without one."""
        if after is None:
            return False
        return any((age := one.age_s(now)) is None or age > after.total_seconds() for one in self.clusters)


def health(reader: Reader) -> Health:
    """Asks the warehouse, as a tool would."""
    try:
        with reader.open() as con:
            ((version,),) = con.execute(_PUBLISHED).fetchall()
            return Health("", version, tuple(_cluster(*row) for row in con.execute(_CLUSTERS).fetchall()))
    except OcpperfError as fault:
        return Health(str(fault))
    except duckdb.Error as fault:
        return Health(f"The warehouse cannot be queried: {str(fault).splitlines()[0]}")


def _cluster(
    name: str, data_as_of: datetime | None, collected_at: datetime | None, queries: int, failed: int, incomplete: int
) -> ClusterHealth:
    end, collected = (aware(when) if when else None for when in (data_as_of, collected_at))
    return ClusterHealth(name, end, collected, queries, failed, incomplete)


def told(found: Health, status: str, now: datetime) -> Row:
    """As JSON for people and machines that may know the clusters."""
    if found.fault:
        return {"status": status, "error": found.fault}
    return {
        "status": status,
        "published_version": found.version,
        "clusters": [_told(one, now) for one in found.clusters],
    }


def _told(one: ClusterHealth, now: datetime) -> Row:
    return {
        "cluster": one.cluster,
        "data_as_of": _to_the_second(one.data_as_of),
        "data_age_s": one.age_s(now),
        "last_collection": {
            "ended_at": _to_the_second(one.last_collected_at),
            "queries": one.queries,
            "failed": one.failed,
            "incomplete": one.incomplete,
        },
    }


def _to_the_second(when: datetime | None) -> str | None:
    return moment(when.replace(microsecond=0)) if when else None


def utc_now() -> datetime:
    return datetime.now(UTC)
