"""The forms a report can be written in. What a renderer needs is imported when it is used."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import cast

from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.nearest import meant
from ocpperf_mcp.report.model import Report


@dataclass(frozen=True)
class Format:
    """`renderer` names `module:function`, which makes text, or bytes, of a report alone."""

    name: str
    renderer: str
    needs_file: bool = False
    """Its bytes are of no use on a terminal."""

    def render(self, report: Report) -> str | bytes:
        module, _, function = self.renderer.partition(":")
        return cast(Callable[[Report], str | bytes], getattr(import_module(module), function))(report)


FORMATS = {
    one.name: one
    for one in (
        Format("table", "ocpperf_mcp.report.terminal:terminal"),
        Format("markdown", "ocpperf_mcp.report.markdown:markdown"),
        Format("json", "ocpperf_mcp.report.as_json:as_json"),
        Format("junit", "ocpperf_mcp.report.as_junit:as_junit"),
        Format("html", "ocpperf_mcp.report.html:html", needs_file=True),
        Format("pdf", "ocpperf_mcp.report.pdf:pdf", needs_file=True),
        Format("xlsx", "ocpperf_mcp.report.workbook:workbook", needs_file=True),
        Format("csv", "ocpperf_mcp.report.csv_files:csv_files", needs_file=True),
    )
}


def format_named(name: str) -> Format:
    """Raises OcpperfError where there is no such format."""
    if name not in FORMATS:
        raise OcpperfError(f"There is no format '{name}'.", meant(name, FORMATS, "format"))
    return FORMATS[name]
