"""Whether runs that were asked for have not ended yet."""

from collections.abc import Mapping

import dagster as dg

_UNDER_WAY = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]


def is_under_way(
    instance: dg.DagsterInstance, *, job: str | None = None, tags: Mapping[str, str] | None = None
) -> bool:
    """Whether some run of the job, or with all of the tags, has not ended."""
    return instance.get_runs_count(dg.RunsFilter(job_name=job, tags=tags, statuses=_UNDER_WAY)) > 0
