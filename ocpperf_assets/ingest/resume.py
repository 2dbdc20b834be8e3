"""Where the collection of the open hour stopped last time, so that only what is new is asked for."""

from collections.abc import Mapping
from datetime import UTC, datetime

from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.contracts.windows import floor_hour
from ocpperf_mcp.warehouse import open_published

# A metric whose expression changed since is not resumed: its hour is collected again from the start.
_POINTS = """
select metric, expr_hash, collected_until
from raw_extraction
where cluster = $cluster and domain = $domain and hour = $hour
  and status in ('ok', 'empty') and collected_until > hour
"""


def resume_points(
    home: Home, cluster: str, domain: str, until: datetime
) -> Mapping[tuple[str, str, datetime], datetime]:
    """(metric, expr_hash, hour) to the time its samples are known up to, for the hour that is open at `until`."""
    if not home.link.exists():
        return {}
    hour = floor_hour(until)
    parameters = {"cluster": cluster, "domain": domain, "hour": hour.replace(tzinfo=None)}
    with open_published(home) as con:
        rows = con.execute(_POINTS, parameters).fetchall()
    return {(metric, expr_hash, hour): known.replace(tzinfo=UTC) for metric, expr_hash, known in rows}
