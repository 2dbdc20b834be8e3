"""What a materialization says of itself, asked of the slot it has just published."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

import dagster as dg
import duckdb

from ocpperf_assets.assets.markdown import table
from ocpperf_assets.assets.plots import HOURS, columns
from ocpperf_assets.ingest.staged import Change
from ocpperf_assets.models import Model
from ocpperf_assets.partitions import partition_key
from ocpperf_assets.resources import WarehouseResource
from ocpperf_mcp.contracts.windows import HOUR, Window

PLOTTED = HOURS * HOUR

_ROWS = """
select date_trunc('hour', {time}), count(*) from {table} where cluster = ? and {time} >= ? and {time} < ? group by 1
"""
_COVERAGE = """
select hour, sum(samples) filter (expected is not null) / nullif(sum(expected), 0)
from fct_coverage_hourly where cluster = ? and hour >= ? and hour < ? group by hour
"""
_OPEN = """
select severity, rule, entity, strftime(start, '%Y-%m-%d %H:%M') from rpt_findings
where cluster = ? and "end" >= ? and start < ? and not acknowledged
order by case severity when 'critical' then 0 when 'warning' then 1 else 2 end, start
"""


def rows_by_partition(
    con: duckdb.DuckDBPyConnection, model: Model, changes: Sequence[Change]
) -> Iterator[tuple[dg.MultiPartitionKey, int]]:
    """Rows of a table in each hour that was built; nothing for a table that is made whole."""
    if model.time_column is None:
        return
    query = _ROWS.format(table=model.name, time=model.time_column)
    for change in changes:
        counted = _by_hour(con, query, change)
        for window in change.window.hours():
            yield partition_key(change.cluster, window.start), int(counted.get(window.start, 0))


def of_published(
    version: int, warehouse: WarehouseResource, changes: Sequence[Change]
) -> Mapping[str, dg.MetadataValue]:
    """Version, place, coverage of the last hours and what was found in the window."""
    told: dict[str, dg.MetadataValue] = {
        "version": dg.MetadataValue.int(version),
        "warehouse": dg.MetadataValue.path(warehouse.home.link),
    }
    if changes:
        with warehouse.get_connection() as con:
            last = _last_hours(changes[-1])
            told["coverage"] = columns("Coverage an hour", _series(_by_hour(con, _COVERAGE, last), last))
            told["findings"] = _findings(con, changes[-1])
    return told


def _findings(con: duckdb.DuckDBPyConnection, change: Change) -> dg.MarkdownMetadataValue:
    rows = con.execute(_OPEN, _bounds(change)).fetchall()
    if not rows:
        return dg.MetadataValue.md("No finding in this window.")
    return dg.MetadataValue.md(table(("severity", "rule", "entity", "since (UTC)"), rows, rest="rpt_findings"))


def _last_hours(change: Change) -> Change:
    return Change(change.cluster, Window(change.window.end - PLOTTED, change.window.end))


def _series(found: Mapping[datetime, float], change: Change) -> list[float | None]:
    hours = int(change.window.duration / HOUR)
    return [found.get(change.window.start + hour * HOUR) for hour in range(hours)]


def _by_hour(con: duckdb.DuckDBPyConnection, query: str, change: Change) -> dict[datetime, float]:
    rows = con.execute(query, _bounds(change)).fetchall()
    return {hour.replace(tzinfo=UTC): value for hour, value in rows if value is not None}


def _bounds(change: Change) -> list[object]:
    return [change.cluster, *(moment.replace(tzinfo=None) for moment in (change.window.start, change.window.end))]
