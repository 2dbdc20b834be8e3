"""Cut a window to what Prometheus still has, before anything is asked of it: an empty answer would say too little."""

from datetime import UTC, datetime, timedelta

from ocpperf_assets.doctor.history import find_history, has_data
from ocpperf_assets.promql import PrometheusClient
from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.contracts.windows import Window, floor_hour

_MINUTE = timedelta(minutes=1)


def within_reach(client: PrometheusClient, window: Window, now: datetime) -> Window:
    """The window, without the hours before Prometheus' first data.

    One instant query where it has data at the window's start, some twenty otherwise. Raises OcpperfError when it has
    none in the window because its data begins later, and QueryError when it does not answer.
    """
    if has_data(client, (window.start + _MINUTE).timestamp()):
        return window
    history = find_history(client, now.timestamp())
    if history is None and has_data(client, now.timestamp()):
        return window  # it was started minutes ago
    if history is None:
        raise without_targets(client.endpoint.address)
    oldest = datetime.fromtimestamp(history.oldest_s, UTC)
    if window.end <= oldest:
        raise forgotten(oldest)
    return Window(max(window.start, floor_hour(oldest)), window.end)


def without_targets(address: str) -> OcpperfError:
    """A server that scrapes nothing, or shows nothing to this token."""
    return OcpperfError(
        f"{address} has no data of any target (`up` is empty).", "`ocpperf doctor` tells what answers there."
    )


def forgotten(oldest: datetime) -> OcpperfError:
    """A window of which the server has nothing left."""
    return OcpperfError(
        f"Prometheus has data since {oldest:%Y-%m-%d %H:%M} UTC; the window ends before that.",
        "Choose a later window; hours that Prometheus has forgotten cannot be collected.",
    )
