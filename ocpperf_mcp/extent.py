"""What a published warehouse holds: which clusters, and from when to when."""

from datetime import UTC, datetime

import duckdb

from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.contracts.windows import Window


def known_clusters(con: duckdb.DuckDBPyConnection) -> list[str]:
    return [name for (name,) in con.execute("select distinct cluster from raw_extraction order by all").fetchall()]


def data_range(con: duckdb.DuckDBPyConnection, cluster: str) -> Window:
    """From the first collected hour to the end of what was collected. Raises OcpperfError when nothing was."""
    held = held_range(con, cluster)
    if held is None:
        raise OcpperfError(f"Nothing of cluster {cluster} was collected yet.", "Run `ocpperf collect --last 1h` first.")
    return held


def held_range(con: duckdb.DuckDBPyConnection, cluster: str) -> Window | None:
    """The same; None when nothing was collected."""
    found = con.execute(
        "select min(hour), max(least(coalesce(collected_until, hour + interval 1 hour), hour + interval 1 hour)) "
        "from raw_extraction where cluster = $cluster and status <> 'error'",
        {"cluster": cluster},
    ).fetchone()
    if not found or found[0] is None:
        return None
    first, last = (aware(moment) for moment in found)
    return Window(first, last)


def aware(moment: datetime) -> datetime:
    """A time of the warehouse, which is in UTC and does not say so."""
    return moment.replace(tzinfo=UTC)
