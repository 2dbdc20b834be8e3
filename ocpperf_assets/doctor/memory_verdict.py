"""What of the server's history the warehouse has, and what nobody can collect any more."""

from collections.abc import Iterator
from datetime import UTC, datetime

from ocpperf_assets.doctor.history import History
from ocpperf_assets.doctor.line import Line, ok, warning
from ocpperf_assets.history import history_start
from ocpperf_assets.settings import Settings
from ocpperf_mcp.warehouse import open_published

_HOURS = """
select state, count(distinct hour), count(distinct metric), min(hour), max(hour)
from gap($cluster, $oldest::timestamp, $asked_at::timestamp)
group by state order by state
"""


def of_memory(settings: Settings, history: History) -> Iterator[Line]:
    """Hours that wait to be collected, and hours that are lost; nothing before the first collection."""
    if not settings.paths.link.exists():
        yield ok("Nothing has been collected yet.")
        return
    oldest = max(datetime.fromtimestamp(history.oldest_s, UTC), history_start(settings.paths))
    moments = {"oldest": oldest, "asked_at": datetime.now(UTC)}
    parameters = {"cluster": settings.cluster, **{name: one.replace(tzinfo=None) for name, one in moments.items()}}
    with open_published(settings.paths) as con:
        found = {state: rest for state, *rest in con.execute(_HOURS, parameters).fetchall()}
    if "recoverable" in found:
        yield waiting(settings.heal, *found["recoverable"])
    if "unrecoverable" in found:
        yield lost(*found["unrecoverable"])
    if not found:
        yield ok("Every hour that the server still has was collected.")


def waiting(heal: int, hours: int, metrics: int, first: datetime, last: datetime) -> Line:
    """Hours that the server still has, and what becomes of them."""
    missing = f"{_counted(hours, 'hour')} of {_counted(metrics, 'metric')} not collected yet ({_span(first, last)})."
    if heal:
        return ok(f"{missing} Under `ocpperf up`, {heal} of them are collected an hour, oldest first.")
    return warning(missing, "Set OCPPERF_HEAL to collect some every hour, or run `ocpperf collect` over them.")


def lost(hours: int, metrics: int, first: datetime, last: datetime) -> Line:
    """Hours that nobody can collect any more, which is no fault of anything."""
    return ok(
        f"{_counted(hours, 'hour')} of {_counted(metrics, 'metric')} unrecoverable ({_span(first, last)}): "
        "what was not collected in time the server has forgotten. "
        "`ocpperf sql \"from rpt_gap where state = 'unrecoverable'\"` lists them."
    )


def _counted(number: int, thing: str) -> str:
    return f"1 {thing}" if number == 1 else f"{number} {thing}s"


def _span(first: datetime, last: datetime) -> str:
    return f"{first:%Y-%m-%d %H:%M} to {last:%Y-%m-%d %H:%M} UTC"
