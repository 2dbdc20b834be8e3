"""A window from one word, as people and models write it."""

from collections.abc import Mapping

from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.contracts.windows import Window, parse_window

FORMS = "A window is the name of a run, a stretch like 24h that ends with the data, or START/END or START/24h."


def window_of(text: str, names: Mapping[str, Window], held: Window) -> Window:
    """Raises OcpperfError when it is none of the forms, or lies outside what is held."""
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
