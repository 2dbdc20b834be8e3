"""Libraries of the `report` extra, imported when a report is drawn: what is missing is said in a sentence."""

from contextlib import redirect_stdout
from importlib import import_module
from io import StringIO
from types import ModuleType

from ocpperf_mcp.contracts.errors import OcpperfError

_PANGO = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"


def needed(module: str) -> ModuleType:
    """The module. Raises OcpperfError where it, or a shared library that it loads, is not installed."""
    try:
        # WeasyPrint prints a page of advice where a shared library is missing.
        with redirect_stdout(StringIO()):
            return import_module(module)
    except ModuleNotFoundError:
        raise OcpperfError(
            f"The Python package of '{module}' is not installed, and this form of a report needs it.",
            "Install ocpperf with its report extra: pip install 'ocpperf[report]'.",
        ) from None
    except OSError:
        raise OcpperfError(
            f"'{module}' does not find the shared libraries of Pango, which set the text of a PDF.",
            f"Debian, Ubuntu: apt-get install {_PANGO}. Or take --format html and print it from a browser.",
        ) from None
