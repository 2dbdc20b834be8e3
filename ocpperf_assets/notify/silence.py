"""Clusters of which nothing is heard any more: their findings stand still, which looks like health."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import duckdb
from pydantic import AwareDatetime

from ocpperf_assets.catalogue.vocabulary import Frozen
from ocpperf_assets.notify.memory import ToldSilent
from ocpperf_mcp.extent import aware

# An answer without any series says nothing of a cluster. One that was removed is not waited for.
_HEARD = """
with

closed as (
    select cluster, max(hour) + interval 1 hour as last_heard
    from fct_coverage_hourly
    where not provisional and status <> 'error' and status <> 'empty'
    group by cluster
)

select
    coalesce(told.cluster, closed.cluster) as cluster,
    coalesce(closed.last_heard, told.first_configured_at) as last_heard,
    closed.last_heard is not null as ever_collected
from raw_cluster as told
full join closed on closed.cluster = told.cluster
where coalesce(told.configured, true)
order by cluster
"""


class LastHeard(Frozen):
    """Up to when a cluster is known."""

    cluster: str
    last_heard: AwareDatetime
    """End of its newest closed hour with data; where there is none, when it was configured."""
    ever_collected: bool


class SpeakingAgain(Frozen):
    """A cluster that was told to be silent and is not any more."""

    cluster: str
    silent_since: AwareDatetime
    last_heard: AwareDatetime


@dataclass(frozen=True)
class Silences:
    """What is news of silence, and what is to be remembered once it was told."""

    silent: tuple[LastHeard, ...]
    speaking_again: tuple[SpeakingAgain, ...]
    kept: tuple[ToldSilent, ...]


def read_heard(con: duckdb.DuckDBPyConnection, configured: Collection[str]) -> list[LastHeard]:
    """Of the configured clusters, those that the warehouse knows."""
    return [
        LastHeard(cluster=cluster, last_heard=aware(last_heard), ever_collected=ever_collected)
        for cluster, last_heard, ever_collected in con.execute(_HEARD).fetchall()
        if cluster in configured
    ]


def compare_silence(
    known: Iterable[ToldSilent], heard: Sequence[LastHeard], limit: timedelta, now: datetime
) -> Silences:
    """The news; a limit of zero says that silence is none.

    A cluster speaks again when it has a newer closed hour that is not too old itself. One that is configured no more,
    or is silent no more by another limit, is forgotten without a word.
    """
    since = {one.cluster: one.since for one in known}
    silent, again, kept = [], [], []
    for one in heard:
        told = since.get(one.cluster)
        if is_silent(one, limit, now):
            kept.append(ToldSilent(cluster=one.cluster, since=told or one.last_heard))
            if told is None:
                silent.append(one)
        elif told is not None and limit and one.last_heard > told:
            again.append(SpeakingAgain(cluster=one.cluster, silent_since=told, last_heard=one.last_heard))
    return Silences(tuple(silent), tuple(again), tuple(kept))


def is_silent(heard: LastHeard, limit: timedelta, now: datetime) -> bool:
    return bool(limit) and now >= heard.last_heard + limit
