"""What a run has staged: complete domain directories and the hours they answer for."""

import shutil
import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb

from ocpperf_mcp.contracts.windows import HOUR, Window

COMPLETE = "_complete"


@dataclass(frozen=True)
class StagedDomain:
    """One domain's Parquet files of one run."""

    domain: str
    directory: Path

    def files(self, kind: str) -> list[str]:
        """Paths of `samples`, `buckets`, `series` or `extraction` files, in the order they were written."""
        return [str(path) for path in sorted(self.directory.glob(f"{kind}-*.parquet"))]


@dataclass(frozen=True, order=True)
class Change:
    """Whole hours of one cluster whose raw rows are new."""

    cluster: str
    window: Window


@dataclass(frozen=True)
class Outcome:
    """Metric hours of a run by whether Prometheus answered; an empty answer is an answer."""

    answered: int = 0
    failed: int = 0
    first_error: str = ""


def staged_domains(run_directory: Path) -> list[StagedDomain]:
    """The domains of a run whose staging was finished; a half-staged one is left alone."""
    if not run_directory.is_dir():
        return []
    complete = (path for path in sorted(run_directory.iterdir()) if (path / COMPLETE).exists())
    return [StagedDomain(path.name, path) for path in complete]


def sweep(staging: Path, age: timedelta) -> None:
    """Remove what runs that died have left: directories in which nothing was written for `age`."""
    oldest = time.time() - age.total_seconds()
    for directory in staging.iterdir() if staging.is_dir() else ():
        newest = max((path.stat().st_mtime for path in (directory, *directory.rglob("*"))), default=0.0)
        if newest < oldest:
            shutil.rmtree(directory, ignore_errors=True)


def staged_changes(domains: Sequence[StagedDomain]) -> list[Change]:
    """The hours the staged files answer for, as few contiguous windows a cluster as possible."""
    files = [file for domain in domains for file in domain.files("extraction")]
    if not files:
        return []
    with duckdb.connect() as con:
        rows = con.execute(
            "select distinct cluster, hour from read_parquet($files) order by cluster, hour", {"files": files}
        ).fetchall()
    return list(merge_hours(rows))


def without(changes: Iterable[Change], closed: Collection[tuple[str, datetime]]) -> list[Change]:
    """The changes but for the closed hours, given as cluster and UTC start."""
    hours = sorted((change.cluster, hour.start) for change in changes for hour in change.window.hours())
    return list(merge_hours([hour for hour in hours if hour not in closed]))


def staged_outcome(domains: Sequence[StagedDomain]) -> Outcome:
    """How many metric hours were answered and how many failed, with the first failure's sentence."""
    files = [file for domain in domains for file in domain.files("extraction")]
    if not files:
        return Outcome()
    with duckdb.connect() as con:
        row = con.execute(_OUTCOME, {"files": files}).fetchone()
    assert row is not None
    return Outcome(*row)


_OUTCOME = """
select count(*) filter (status <> 'error'), count(*) filter (status = 'error'),
       coalesce(min_by(error, hour) filter (status = 'error'), '')
from read_parquet($files)
"""


def merge_hours(rows: Sequence[tuple[str, datetime]]) -> Iterator[Change]:
    """Join (cluster, naive UTC hour) pairs, sorted, into contiguous windows."""
    current: Change | None = None
    for cluster, hour in rows:
        start = hour.replace(tzinfo=UTC)
        if current and current.cluster == cluster and current.window.end == start:
            current = Change(cluster, Window(current.window.start, start + HOUR))
            continue
        if current:
            yield current
        current = Change(cluster, Window(start, start + HOUR))
    if current:
        yield current


def chunks(window: Window, length: timedelta) -> Iterator[Window]:
    """Cut a window into pieces of at most `length`, so that no statement's memory grows with the range."""
    start = window.start
    while start < window.end:
        end = min(start + length, window.end)
        yield Window(start, end)
        start = end
