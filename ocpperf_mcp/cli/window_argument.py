"""Clusters and windows as people type them behind a command."""

from datetime import UTC, datetime

import duckdb

from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.contracts.windows import Window, parse_window
from ocpperf_mcp.state.runs import windows_by_name

FORMS = "A window is the name of a run, a stretch like 24h that ends with the data, or START/END or START/24h."


def chosen_cluster(con: duckdb.DuckDBPyConnection, asked: str | None) -> str:
    """The cluster asked for, or the only one. Raises OcpperfError when it is not there, or several are."""
    known = [name for (name,) in con.execute("select distinct cluster from raw_extraction order by all").fetchall()]
    if asked in known:
        return str(asked)
    shown = ", ".join(known) or "none yet"
    if asked is not None:
        raise OcpperfError(f"The warehouse holds no cluster '{asked}'.", f"Clusters: {shown}.")
    if len(known) != 1:
        raise OcpperfError(f"The warehouse holds {len(known)} clusters.", f"Name one with --cluster: {shown}.")
    return str(known[0])


def data_range(con: duckdb.DuckDBPyConnection, cluster: str) -> Window:
    """From the first collected hour to the end of what was collected. Raises OcpperfError when nothing was."""
    found = con.execute(
        "select min(hour), max(least(coalesce(collected_until, hour + interval 1 hour), hour + interval 1 hour)) "
        "from raw_extraction where cluster = $cluster and status <> 'error'",
        {"cluster": cluster},
    ).fetchone()
    if not found or found[0] is None:
        raise OcpperfError(f"Nothing of cluster {cluster} was collected yet.", "Run `ocpperf collect --last 1h` first.")
    first, last = (_aware(moment) for moment in found)
    return Window(first, last)


def typed_window(text: str, home: Home, held: Window) -> Window:
    """A window from one word. Raises OcpperfError when it is none of the forms, or lies outside what is held."""
    names = windows_by_name(home)
    if text in names:
        return parse_window(name=text, names=names, data_range=held)
    start, slash, rest = text.partition("/")
    try:
        if not slash:
            return parse_window(duration=text, data_range=held)
        if rest[:1].isdigit() and rest[-1:] in "smhdw":
            return parse_window(duration=rest, start=start, data_range=held)
        return parse_window(start=start, end=rest, data_range=held)
    except OcpperfError as fault:
        if not slash and "is not a duration" in fault.what:
            known = ", ".join(sorted(names)) or "none yet"
            raise OcpperfError(f"'{text}' is no window and no run's name.", f"{FORMS} Runs: {known}.") from None
        raise


def _aware(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC)
