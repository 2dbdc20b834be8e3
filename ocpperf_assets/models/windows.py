"""Which hours a model is built over."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

import duckdb

from ocpperf_assets.ingest.staged import Change
from ocpperf_assets.models.model import Model
from ocpperf_mcp.contracts.windows import HOUR, Window, floor_hour

CHUNK = timedelta(hours=24)
# Stands in where SQL with parameters is only looked at, or speaks of no window.
NO_WINDOW = Change("", Window(datetime(1970, 1, 1, tzinfo=UTC), datetime(1970, 1, 1, 1, tzinfo=UTC)))


def merge(changes: Iterable[Change]) -> list[Change]:
    """Overlapping and adjoining windows of a cluster become one; sorted by cluster and time."""
    merged: list[Change] = []
    for change in sorted(changes):
        last = merged[-1] if merged else None
        if last and last.cluster == change.cluster and change.window.start <= last.window.end:
            end = max(last.window.end, change.window.end)
            merged[-1] = Change(last.cluster, Window(last.window.start, end))
        else:
            merged.append(change)
    return merged


def affected(changes: Iterable[Change], lookback: timedelta, last: Mapping[str, datetime]) -> list[Change]:
    """The changes, each reaching forward by the lookback, at most to the end of the collected (`last`)."""
    widened = []
    for change in changes:
        reach = min(change.window.end + lookback, last.get(change.cluster, change.window.end))
        widened.append(Change(change.cluster, Window(change.window.start, max(change.window.end, reach))))
    return merge(widened)


def halved(change: Change) -> tuple[Change, ...]:
    """The change in two, cut at a whole hour; nothing when it is of one hour."""
    hours = int(change.window.duration / HOUR)
    if hours < 2:
        return ()
    middle = change.window.start + hours // 2 * HOUR
    windows = (Window(change.window.start, middle), Window(middle, change.window.end))
    return tuple(Change(change.cluster, window) for window in windows)


def buildable(work: Iterable[Change], kept_from: datetime | None, loaded: Iterable[Change]) -> list[Change]:
    """Of the work what can be built: hours from `kept_from` on, and before it those just loaded.

    Rows that a model would read of the hours before were removed for their age; what was built from them stays.
    """
    if kept_from is None:
        return merge(work)
    after = [
        Change(one.cluster, Window(max(one.window.start, kept_from), one.window.end))
        for one in work
        if one.window.end > kept_from
    ]
    before = [
        Change(one.cluster, Window(one.window.start, min(one.window.end, kept_from)))
        for one in loaded
        if one.window.start < kept_from
    ]
    return merge([*after, *before])


def collected_until(con: duckdb.DuckDBPyConnection) -> dict[str, datetime]:
    """End of the newest collected hour of each cluster."""
    rows = con.execute("select cluster, max(hour) from raw_extraction group by cluster").fetchall()
    return {cluster: hour.replace(tzinfo=UTC) + HOUR for cluster, hour in rows}


def all_hours(
    con: duckdb.DuckDBPyConnection, model: Model, by_name: Mapping[str, Model], *, keep_older: bool
) -> list[Change]:
    """Every hour the model can be built over, one window a cluster.

    With `keep_older`, only from where all the raw tables it rests on still have rows: older rows of the model
    cannot be computed again and must stay.
    """
    first: dict[str, datetime] = {}
    for source in _timed_sources(model, by_name):
        statement = f"select cluster, min({source.time_column}) from {source.name} group by cluster"
        for cluster, moment in con.execute(statement).fetchall():
            hour = floor_hour(moment.replace(tzinfo=UTC))
            known = first.get(cluster, hour)
            first[cluster] = max(known, hour) if keep_older else min(known, hour)
    ends = collected_until(con)
    return [
        Change(cluster, Window(start, ends[cluster]))
        for cluster, start in sorted(first.items())
        if cluster in ends and start < ends[cluster]
    ]


def _timed_sources(model: Model, by_name: Mapping[str, Model]) -> list[Model]:
    """The raw tables (or the view that unites several) whose rows carry the time the model is built over."""
    found: dict[str, Model] = {}
    waiting = list(model.depends_on)
    while waiting:
        source = by_name.get(waiting.pop())
        if source is None or source.name in found:
            continue
        if source.kind in ("ddl", "view") and source.time_column:
            found[source.name] = source
        elif source.kind != "whole":  # what is made whole is of no time: it keeps no facts from being built
            waiting.extend(source.depends_on)
    return sorted(found.values(), key=lambda source: source.name)


def naive(moment: datetime) -> datetime:
    """The warehouse's form of a time: UTC without saying so."""
    return moment.astimezone(UTC).replace(tzinfo=None)


def parameters(model: Model, change: Change, now: datetime) -> dict[str, object]:
    """Values of the `$parameters` a model uses over one window, and no others: DuckDB refuses the excess."""
    values: dict[str, object] = {
        "cluster": change.cluster,
        "window_start": naive(change.window.start),
        "window_end": naive(change.window.end),
        "lookback_start": naive(change.window.start - model.lookback),
        "now": naive(now),
    }
    return {name: values[name] for name in model.parameters}
