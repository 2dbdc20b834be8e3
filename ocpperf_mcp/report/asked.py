"""What a report is about: whole closed hours of a cluster, and what they are compared with."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import duckdb

from ocpperf_mcp.contracts.windows import HOUR, Window, floor_hour
from ocpperf_mcp.extent import aware
from ocpperf_mcp.report.model import Span
from ocpperf_mcp.window_words import window_of

TOP = 3
PREVIOUS, LAST_WEEK, NOTHING = "previous", "last-week", "nothing"
_CLOSED = """
select max(hour) + interval 1 hour as closed
from fct_coverage_hourly
where cluster = $cluster and not provisional
"""


@dataclass(frozen=True)
class Asked:
    """Both windows are whole hours; `analyzer` None is all of them, `against` None compares with nothing."""

    cluster: str
    window: Span
    against: Span | None = None
    analyzer: str | None = None
    top: int = TOP
    notes: tuple[str, ...] = ()


def closed_hours(con: duckdb.DuckDBPyConnection, cluster: str, asked: Window) -> tuple[Window, tuple[str, ...]]:
    """The whole closed hours that a window touches, and what to say where they are not what was asked for.

    Where no hour of it is closed the window stays as it is: there is nothing to report, and the report says so.
    """
    start, end = floor_hour(asked.start), floor_hour(asked.end)
    if end < asked.end:
        end += HOUR
    row = con.execute(_CLOSED, {"cluster": cluster}).fetchone()
    closed = aware(row[0]) if row and row[0] is not None else end
    if start < closed < end:
        return Window(start, closed), (f"What came after {closed:%Y-%m-%d %H:%M} UTC is left out: its hour is open.",)
    whole = Window(start, end)
    return whole, () if whole == asked else ("The window was widened to whole hours.",)


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
    start, end = floor_hour(window.start), floor_hour(window.end)
    return Span(start=start, end=end if end == window.end else end + HOUR, name=name)
