"""How far back each cluster's Prometheus has data, asked for side by side: one that hangs delays no other."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from ocpperf_assets.clusters.configured import settings_of
from ocpperf_assets.endpoint import endpoint
from ocpperf_assets.healing.reach import Reach, find_reach, remember, remembered
from ocpperf_assets.history import history_start
from ocpperf_assets.promql import PrometheusClient
from ocpperf_assets.settings import Settings
from ocpperf_mcp.contracts.errors import OcpperfError

# Prometheus' reach moves by an hour an hour.
_HOLDS = timedelta(minutes=55)
_AT_ONCE = 8
_PATIENCE_S = 10.0
"""Dagster gives a tick a minute, and the next tick asks again."""


def find_reaches(clusters: Sequence[str]) -> Mapping[str, Reach | OcpperfError | None]:
    """What is remembered, else what Prometheus answers now; None when it has no data, else why there is no answer."""
    if not clusters:
        return {}
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        found = dict(zip(clusters, pool.map(_find, clusters), strict=True))
    home = Settings().paths
    known = set(remembered(home))
    for reach in found.values():
        if isinstance(reach, Reach) and reach not in known:
            remember(home, reach)
    return found


def _find(cluster: str) -> Reach | OcpperfError | None:
    now = datetime.now(UTC)
    try:
        settings = settings_of(cluster)
        known = next((one for one in remembered(settings.paths) if one.cluster == cluster), None)
        if known and now - known.asked_at < _HOLDS:
            return known
        where = endpoint(settings)
        client = PrometheusClient(replace(where, attempts=1, timeout_s=min(_PATIENCE_S, where.timeout_s)))
        try:
            return find_reach(client, cluster, history_start(settings.paths), now)
        finally:
            client.close()
    except OcpperfError as fault:
        return fault
