"""A tool's call: what was asked, of which cluster and window, and a connection to answer it from."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Generic, TypeVar

import duckdb

from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.contracts.windows import Window, parse_window
from ocpperf_mcp.extent import aware, data_range, known_clusters
from ocpperf_mcp.nearest import meant
from ocpperf_mcp.sql.run import SqlRunner
from ocpperf_mcp.tools.answer import Row
from ocpperf_mcp.tools.asks import Ask, ClusterAsk, NodesAsk, WindowAsk
from ocpperf_mcp.tools.cursor import Cursor, read_cursor

AskT = TypeVar("AskT", bound=Ask, covariant=True)


@dataclass(frozen=True)
class Question(Generic[AskT]):
    """`runner` is for statements of others, which have processes and connections of their own."""

    tool: str
    ask: AskT
    connect: Callable[[], duckdb.DuckDBPyConnection]
    runner: SqlRunner

    @cached_property
    def con(self) -> duckdb.DuckDBPyConnection:
        """Open on one published version from the first use on, for as long as the tool answers."""
        return self.connect()

    @property
    def cursor(self) -> Cursor:
        return read_cursor(self.ask.cursor)

    def rows(self, query: str, **parameters: Any) -> list[Row]:
        cursor = self.con.execute(query, parameters)
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


@dataclass(frozen=True)
class Place:
    """A cluster, what is held of it, and the window asked for."""

    cluster: str
    held: Window
    window: Window

    @property
    def parameters(self) -> Row:
        """As the macros of `rpt_` take them."""
        return {"cluster": self.cluster, "t0": naive(self.window.start), "t1": naive(self.window.end)}


def naive(when: datetime) -> datetime:
    """A moment as the warehouse keeps it: UTC, without saying so."""
    return when.astimezone(UTC).replace(tzinfo=None)


def cluster_of(question: Question[ClusterAsk]) -> str:
    """The cluster asked for, or the only one. Raises OcpperfError when it is not there, or several are."""
    known = known_clusters(question.con)
    asked = question.ask.cluster
    if asked is not None and asked in known:
        return asked
    if asked is not None:
        raise OcpperfError(f"The warehouse holds no cluster '{asked}'.", meant(asked, known, "cluster"))
    if len(known) != 1:
        shown = ", ".join(known) or "none yet"
        raise OcpperfError(f"The warehouse holds {len(known)} clusters.", f"Give `cluster` one of: {shown}.")
    return known[0]


def place_of(question: Question[WindowAsk]) -> Place:
    """Cluster and window. A cursor fixes the window. Raises OcpperfError when there is nothing of either."""
    cluster = cluster_of(question)
    held = data_range(question.con, cluster)
    return Place(cluster, held, question.cursor.window or _window(question, cluster, held))


def _window(question: Question[WindowAsk], cluster: str, held: Window) -> Window:
    ask = question.ask
    names = run_windows(question, cluster)
    if ask.duration in names:
        if ask.start_time or ask.end_time:
            raise OcpperfError(f"'{ask.duration}' names a window of its own.", "Leave start_time and end_time out.")
        return parse_window(name=ask.duration, names=names, data_range=held)
    duration = ask.duration
    if duration is None and not ask.start_time:
        duration = ask.default_duration
    try:
        return parse_window(duration, ask.start_time, ask.end_time, data_range=held)
    except OcpperfError as fault:
        if ask.duration is not None and names and "is not a duration" in fault.what:
            raise OcpperfError(f"'{ask.duration}' is no duration.", meant(ask.duration, names, "named run")) from None
        raise


def run_windows(question: Question[ClusterAsk], cluster: str) -> dict[str, Window]:
    """Windows that people gave a name, as they were at the last publication."""
    found = question.rows(
        'select name, start, "end" from dim_user_run where cluster = $cluster and start < "end"', cluster=cluster
    )
    return {row["name"]: Window(aware(row["start"]), aware(row["end"])) for row in found}


def narrowing(question: Question[NodesAsk], cluster: str) -> Row:
    """Role and nodes as `rpt_metric` takes them. Raises OcpperfError on one that the cluster never had."""
    ask = question.ask
    if ask.role is None and ask.nodes is None:
        return {"role": None, "nodes": None}
    known = question.rows("select node, role from dim_node where cluster = $cluster", cluster=cluster)
    if ask.role is not None:
        _known(ask.role, {row["role"] for row in known if row["role"]} | {"cluster", "unknown"}, "role", cluster)
    for node in ask.nodes or ():
        _known(node, {row["node"] for row in known}, "node", cluster)
    return {"role": ask.role, "nodes": ask.nodes}


def _known(word: str, words: set[str], what: str, cluster: str) -> None:
    if word not in words:
        raise OcpperfError(f"Cluster {cluster} has no {what} '{word}'.", meant(word, words, what))
