"""A report as JSON, from which `ocpperf verify` reads it again; docs/report.schema.json describes it."""

from pydantic import ValidationError

from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.report.model import LAYOUT, Report


def as_json(report: Report) -> str:
    """Everything that differs from its default."""
    return report.model_dump_json(exclude_defaults=True)


def read_json(text: str, name: str) -> Report:
    """The report of a file's text. Raises OcpperfError when it is none, or of another layout."""
    try:
        report = Report.model_validate_json(text)
    except ValidationError as fault:
        first = fault.errors(include_input=False, include_url=False, include_context=False)[0]
        place = "/".join(str(part) for part in first["loc"]) or "the beginning"
        raise OcpperfError(
            f"{name} is no report as `ocpperf report --format json` writes it: at {place}, {first['msg'].lower()}.",
            "Make it again with `ocpperf report --format json --out FILE`.",
        ) from None
    if report.layout != LAYOUT:
        raise OcpperfError(
            f"{name} has layout {report.layout}, and this ocpperf reads {LAYOUT}.", "Make it again with this one."
        )
    return report
