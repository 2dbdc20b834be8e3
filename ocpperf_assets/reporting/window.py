"""Which hours a report of Dagster's is about."""

from datetime import datetime, timedelta

import duckdb

from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.contracts.windows import HOUR, Window, floor_hour
from ocpperf_mcp.extent import held_range
from ocpperf_mcp.report.asked import Asked, closed_hours, closed_until, compared_with
from ocpperf_mcp.report.reading import span
from ocpperf_mcp.state.runs import windows_by_name


def asked_of(
    con: duckdb.DuckDBPyConnection,
    home: Home,
    cluster: str,
    last: timedelta,
    until: datetime,
    *,
    against: str,
    analyzer: str | None,
) -> Asked:
    """The whole hours of the stretch before `until`.

    Where nothing of it was collected it is still that stretch, not an earlier one that is known better: the report
    says that nothing is known. Raises OcpperfError on a comparison that cannot be made.
    """
    end = floor_hour(until)
    typed = Window(floor_hour(end - max(last, HOUR)), end)
    window, notes = _collected(con, cluster, typed)
    earlier = compared_with(against, window, held_range(con, cluster), windows_by_name(home))
    return Asked(cluster, span(window), earlier, analyzer, notes=notes)


def newest_end(con: duckdb.DuckDBPyConnection, cluster: str, now: datetime) -> datetime:
    """End of the newest closed hour of the cluster; without any, the hour that is under way begins there."""
    return closed_until(con, cluster) or floor_hour(now)


def _collected(con: duckdb.DuckDBPyConnection, cluster: str, typed: Window) -> tuple[Window, tuple[str, ...]]:
    try:
        return closed_hours(con, cluster, typed)
    except OcpperfError:
        return typed, ("Nothing was collected in this window.",)
