"""What a reader must know of a report's window: it follows from what was asked, and from how far the data go."""

from collections.abc import Sequence
from datetime import datetime

from ocpperf_mcp.contracts.windows import HOUR, Window, floor_hour
from ocpperf_mcp.report.model import Data, Span

_NEVER = "Nothing of this cluster was ever collected."
_WIDENED = "The window was widened to whole hours."


def notes_of(asked: Window, window: Window, as_of: datetime | None) -> tuple[str, ...]:
    """`window` is what `asked` became; `as_of` is the end of what was collected, None where nothing ever was."""
    if as_of is None:
        return (_NEVER,)
    if as_of <= window.end - HOUR:
        return (f"Nothing was collected after {as_of:%Y-%m-%d %H:%M} UTC.",)
    if window.end < asked.end:
        return (f"No hour after {window.end:%Y-%m-%d %H:%M} UTC is complete: what came then is left out.",)
    return (_WIDENED,) if window != asked else ()


def noted(typed: Span | None, window: Span, data: Sequence[Data]) -> tuple[str, ...]:
    """Of a report; of a fleet the cluster counts whose data go farthest."""
    newest = max((one.as_of for one in data if one.as_of is not None), default=None)
    return notes_of((typed or window).window, window.window, newest)


def widened(asked: Window) -> Window:
    """The whole hours that it touches."""
    return Window(floor_hour(asked.start), ceil_hour(asked.end))


def ceil_hour(moment: datetime) -> datetime:
    floor = floor_hour(moment)
    return floor if floor == moment else floor + HOUR
