"""What a report is about: whole closed hours of a cluster, and what they are compared with."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import duckdb

from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.contracts.windows import Window, floor_hour
from ocpperf_mcp.extent import aware
from ocpperf_mcp.report.model import Span
from ocpperf_mcp.report.notes import ceil_hour, widened
from ocpperf_mcp.window_words import window_of

TOP = 3
PREVIOUS, LAST_WEEK, NOTHING = "previous", "last-week", "nothing"
_CLOSED = """
select coalesce(max(hour) filter (not provisional) + interval 1 hour, min(hour)) as closed
from fct_coverage_hourly
where cluster = $cluster and status <> 'error'
"""


@dataclass(frozen=True)
class Asked:
    """Both windows are whole hours; `analyzer` None is all of them, `against` None compares with nothing.

    `typed` is the window as it was asked for, where `window` is another.
    """

    cluster: str
    window: Span
    against: Span | None = None
    analyzer: str | None = None
    top: int = TOP
    typed: Span | None = None


def closed_hours(con: duckdb.DuckDBPyConnection, cluster: str, asked: Window) -> Window:
    """The whole closed hours that a window touches.

    Of a cluster of which no hour was ever collected it is all of them: the report says that nothing is known.
    Raises OcpperfError where data are there, and no hour of the window is closed.
    """
    whole = widened(asked)
    closed = closed_until(con, cluster)
    if closed is not None and whole.start >= closed:
        raise OcpperfError(
            f"No hour from {whole.start:%Y-%m-%d %H:%M} UTC on is complete yet.",
            f"Ask for hours before {closed:%Y-%m-%dT%H:%MZ}, or again when the next one is over and collected.",
        )
    return whole if closed is None else Window(whole.start, min(whole.end, closed))


def typed_where_another(typed: Window, window: Window) -> Span | None:
    """What a report keeps of the window that was asked for."""
    return None if typed == window else Span(start=typed.start, end=typed.end)


def closed_until(con: duckdb.DuckDBPyConnection, cluster: str) -> datetime | None:
    """End of the newest closed hour; where all are open, the beginning of the first; None without any."""
    row = con.execute(_CLOSED, {"cluster": cluster}).fetchone()
    return aware(row[0]) if row and row[0] is not None else None


def compared_with(text: str, window: Window, held: Window | None, names: Mapping[str, Window]) -> Span | None:
    """The window that `text` means: `previous` and `last-week` are of the same length, others are typed ones.

    None where nothing is to be compared, and where there is no data yet of the previous one. Raises OcpperfError
    on a window without data that was asked for by time or name.
    """
    if text == NOTHING or held is None:
        return None
    if text == PREVIOUS:
        earlier = Window(window.start - window.duration, window.start)
        return None if earlier.end <= held.start else _named(earlier, text)
    if text == LAST_WEEK:
        return _named(Window(window.start - timedelta(weeks=1), window.end - timedelta(weeks=1)), text)
    return _named(window_of(text, names, held), text if text in names else "")


def _named(window: Window, name: str) -> Span:
    return Span(start=floor_hour(window.start), end=ceil_hour(window.end), name=name)
