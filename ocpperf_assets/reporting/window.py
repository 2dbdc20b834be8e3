"""Which hours a report of Dagster's is about."""

from datetime import datetime, timedelta

import duckdb

from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.contracts.windows import HOUR, Window, floor_hour
from ocpperf_mcp.extent import held_range
from ocpperf_mcp.report.asked import Asked, closed_hours, closed_until, compared_with, typed_where_another
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

    Where nothing came any more at its end it is still that stretch, not an earlier one that is known better: the
    hours that are missing count as such, and are no sign of health. Raises OcpperfError where no hour of it is
    complete yet, and on a comparison that cannot be made.
    """
    end = floor_hour(until)
    held = held_range(con, cluster)
    typed = Window(floor_hour(end - max(last, HOUR)), end)
    window = _collected(con, cluster, typed, held)
    earlier = compared_with(against, window, held, windows_by_name(home))
    return Asked(cluster, span(window), earlier, analyzer, typed=typed_where_another(typed, window))


def newest_end(con: duckdb.DuckDBPyConnection, cluster: str, now: datetime) -> datetime:
    """End of the newest closed hour of the cluster; where it has none, the beginning of the hour that is under way."""
    return closed_until(con, cluster) or floor_hour(now)


def _collected(con: duckdb.DuckDBPyConnection, cluster: str, typed: Window, held: Window | None) -> Window:
    """Without its last hour where that is being collected; what was left off for longer is not waited for."""
    if held is None or held.end <= typed.end - HOUR:
        return typed
    return closed_hours(con, cluster, typed)
