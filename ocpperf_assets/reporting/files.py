"""The files of reports: written whole, found again by their names, forgotten with age."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from ocpperf_assets.settings import Settings
from ocpperf_mcp.contracts.directories import make_directory
from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.report.formats import format_named
from ocpperf_mcp.report.model import Report

ENDINGS: Mapping[str, str] = {
    "html": "html",
    "json": "json",
    "markdown": "md",
    "pdf": "pdf",
    "xlsx": "xlsx",
    "csv": "csv.zip",
}
"""Of the files of each form."""
_INSTEAD = "markdown"
"""Needs no library of the `report` extra."""
_NAME = re.compile(r"(\d{4}-\d\d-\d\d)-[A-Za-z0-9._-]+")


@dataclass
class Written:
    """Files by form, and why others were not written."""

    files: dict[str, Path] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)


def directory_of(home: Home, cluster: str) -> Path:
    return home.exports / "reports" / cluster


def write_report(report: Report, directory: Path, stem: str, forms: Sequence[str]) -> Written:
    """Write each form beside the others. What one of them lacks is said, and Markdown written in its place."""
    make_directory(directory)
    written = Written()
    for form in forms:
        try:
            _write(report, directory, stem, form, written)
        except OcpperfError as fault:
            written.faults[form] = str(fault)
    if written.faults and _INSTEAD not in forms:
        _write(report, directory, stem, _INSTEAD, written)
    return written


def _write(report: Report, directory: Path, stem: str, form: str, written: Written) -> None:
    rendered = format_named(form).render(report)
    path = directory / f"{stem}.{ENDINGS[form]}"
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_bytes(rendered if isinstance(rendered, bytes) else rendered.encode())
    fresh.replace(path)
    written.files[form] = path


def forget_reports(directory: Path, kept: timedelta, now: datetime) -> int:
    """Delete reports that were written longer ago than they are kept, whatever day they tell of; answers how many.

    Files of other names stay.
    """
    old = [path for path, _ in _reports(directory) if path.stat().st_mtime < (now - kept).timestamp()]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def newest_report(settings: Settings, cluster: str) -> str:
    """Where the newest page of a cluster is: its address where reports are served, else its path; empty without one."""
    pages = [(day, path.stat().st_mtime, path) for path, day in _reports(directory_of(settings.paths, cluster))]
    pages = [page for page in pages if page[2].suffix == ".html"]
    return where(settings, max(pages)[2]) if pages else ""


def where(settings: Settings, path: Path) -> str:
    """The address of a report where OCPPERF_REPORTS_URL says that they are served, else its path."""
    if settings.reports_url is None:
        return str(path)
    below = path.relative_to(settings.paths.exports / "reports").as_posix()
    return f"{settings.reports_url.rstrip('/')}/{below}"


def _reports(directory: Path) -> Iterator[tuple[Path, date]]:
    for path in sorted(directory.iterdir()) if directory.is_dir() else ():
        if found := _NAME.fullmatch(path.name):
            try:
                yield path, date.fromisoformat(found[1])
            except ValueError:
                continue
