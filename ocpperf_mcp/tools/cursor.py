"""Where the next page of an answer begins: how many rows were shown, of which window."""

import re
from dataclasses import dataclass

from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.contracts.windows import Window, parse_moment

_FORM = re.compile(r"(?P<shown>\d{1,9})(?:@(?P<start>[0-9T:-]+Z)/(?P<end>[0-9T:-]+Z))?")


@dataclass(frozen=True)
class Cursor:
    """The window is fixed by the first page: its end moves on as data comes in."""

    shown: int = 0
    window: Window | None = None

    def written(self) -> str:
        if self.window is None:
            return str(self.shown)
        return f"{self.shown}@{self.window.start:%Y-%m-%dT%H:%M:%SZ}/{self.window.end:%Y-%m-%dT%H:%M:%SZ}"


def read_cursor(text: str | None) -> Cursor:
    """Raises OcpperfError on anything that no answer has given."""
    if text is None:
        return Cursor()
    if not (found := _FORM.fullmatch(text)):
        raise OcpperfError(f"'{text[:80]}' is no cursor.", "Give the cursor of a truncated answer as it is, or none.")
    if found["start"] is None:
        return Cursor(int(found["shown"]))
    return Cursor(int(found["shown"]), Window(parse_moment(found["start"]), parse_moment(found["end"])))
