"""How far back partitions are offered: remembered, so that the set of partitions only ever grows backwards."""

from datetime import UTC, datetime, timedelta

from ocpperf_mcp.contracts.directories import make_directory
from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.contracts.windows import floor_hour, floor_to, parse_moment

# Prometheus keeps 15 days unless told otherwise; offering more hours than it holds invites failing backfills.
DEFAULT_REACH = timedelta(days=15)


def history_start(home: Home, now: datetime | None = None) -> datetime:
    """First hour partitions exist for; decided at first use and kept in the state directory."""
    path = home.state / "history-start"
    if path.exists():
        return parse_moment(path.read_text(encoding="utf-8"))
    start = floor_to((now or datetime.now(UTC)) - DEFAULT_REACH, timedelta(days=1))
    _write(home, start)
    return start


def extend_history(home: Home, start: datetime) -> None:
    """Offer partitions from `start` on, if that is earlier than today's first."""
    if start < history_start(home):
        _write(home, floor_hour(start))


def _write(home: Home, start: datetime) -> None:
    make_directory(home.state)
    path = home.state / "history-start"
    fresh = path.with_suffix(".new")
    fresh.write_text(start.isoformat(), encoding="utf-8")
    fresh.replace(path)
