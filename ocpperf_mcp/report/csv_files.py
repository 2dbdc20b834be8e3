"""A report's tables as CSV files in one zip archive."""

import csv
from datetime import datetime
from io import BytesIO, StringIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from ocpperf_mcp.report.model import Report
from ocpperf_mcp.report.printable import printable
from ocpperf_mcp.report.tables import Cell, FlatTable, flat_tables, guarded


def csv_files(report: Report) -> bytes:
    """One file a table, UTF-8, with a row of titles; the same report gives the same bytes."""
    made = BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as archive:
        for table in flat_tables(report):
            entry = ZipInfo(f"{table.name}.csv")
            entry.compress_type = ZIP_DEFLATED
            archive.writestr(entry, _text(table))
    return made.getvalue()


def _text(table: FlatTable) -> str:
    text = StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(map(guarded, table.titles))
    writer.writerows(map(_cell, row) for row in table.rows)
    return text.getvalue()


def _cell(cell: Cell) -> Cell:
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%dT%H:%M:%SZ}"
    return guarded(printable(cell)) if isinstance(cell, str) else cell
