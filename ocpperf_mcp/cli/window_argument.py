"""Clusters and windows as people type them behind a command."""

import duckdb

from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.contracts.windows import Window
from ocpperf_mcp.extent import known_clusters
from ocpperf_mcp.state.runs import windows_by_name
from ocpperf_mcp.window_words import window_of


def chosen_cluster(con: duckdb.DuckDBPyConnection, asked: str | None) -> str:
    """The cluster asked for, or the only one. Raises OcpperfError when it is not there, or several are."""
    known = known_clusters(con)
    if asked is not None and asked in known:
        return asked
    shown = ", ".join(known) or "none yet"
    if asked is not None:
        raise OcpperfError(f"The warehouse holds no cluster '{asked}'.", f"Clusters: {shown}.")
    if len(known) != 1:
        raise OcpperfError(f"The warehouse holds {len(known)} clusters.", f"Name one with --cluster: {shown}.")
    return known[0]


def typed_window(text: str, home: Home, held: Window) -> Window:
    """A window from one word, the names of runs included that were named since the last publication."""
    return window_of(text, windows_by_name(home), held)
