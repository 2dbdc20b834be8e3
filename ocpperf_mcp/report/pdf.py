"""A report as PDF: the HTML page, as it is printed."""

from ocpperf_mcp.report.html import page
from ocpperf_mcp.report.model import Report
from ocpperf_mcp.report.needed import needed


def pdf(report: Report) -> bytes:
    """A4 pages. Raises OcpperfError where WeasyPrint or Pango, which it draws text with, is not installed."""
    library = needed("weasyprint")
    document = library.HTML(string=page(report, is_print=True), url_fetcher=_nothing)
    return bytes(document.write_pdf(pdf_tags=True))


def _nothing(url: str) -> dict[str, object]:
    """The page stands alone; whatever it would ask for is not ours."""
    raise ValueError(f"a report loads nothing, so not {url[:80]}")
