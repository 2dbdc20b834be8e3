"""A report's tables as an Excel workbook: numbers and moments as such, text as text."""

import re
from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

from ocpperf_mcp.report.model import Report
from ocpperf_mcp.report.needed import needed
from ocpperf_mcp.report.printable import printable
from ocpperf_mcp.report.tables import Cell, FlatTable, flat_tables, guarded

_SHEET_NAME = 31
_WIDEST, _NARROWEST = 60, 8
_LONGEST_TEXT = 32_767
"""Excel's own limits of a sheet's name and of a cell."""


def workbook(report: Report) -> bytes:
    """One sheet a table. Raises OcpperfError where XlsxWriter is not installed."""
    made = BytesIO()
    # A text is written as a text whatever it begins with, so no cell of ours is a formula or a link.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with needed("xlsxwriter").Workbook(made, options) as book:
        book.set_properties({"title": printable(report.title), "created": report.window.end.replace(tzinfo=None)})
        formats = {
            "title": book.add_format({"bold": True, "bottom": 1, "valign": "top"}),
            "moment": book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
            "quoted": book.add_format({"quote_prefix": True}),
        }
        taken: set[str] = set()
        for table in flat_tables(report):
            _write(book.add_worksheet(_sheet_name(table.name, taken)), table, formats)
    return made.getvalue()


def _write(sheet: Any, table: FlatTable, formats: dict[str, Any]) -> None:
    for place, title in enumerate(table.titles):
        sheet.write_string(0, place, title, formats["title"])
        sheet.set_column(place, place, _width(title, [row[place] for row in table.rows[:200]]))
    for number, row in enumerate(table.rows, start=1):
        for place, cell in enumerate(row):
            _put(sheet, number, place, cell, formats)
    sheet.freeze_panes(1, 0)
    if table.rows:
        sheet.autofilter(0, 0, len(table.rows), len(table.titles) - 1)


def _put(sheet: Any, row: int, column: int, cell: Cell, formats: dict[str, Any]) -> None:
    if isinstance(cell, datetime):
        sheet.write_datetime(row, column, cell, formats["moment"])
    elif isinstance(cell, str):
        text = printable(cell)[:_LONGEST_TEXT]
        # Without it a spreadsheet would read the text as a formula once somebody edits the cell.
        sheet.write_string(row, column, text, formats["quoted"] if guarded(text) != text else None)
    elif cell is not None:
        sheet.write_number(row, column, cell)


def _width(title: str, cells: Sequence[Cell]) -> int:
    longest = max((len(cell) for cell in cells if isinstance(cell, str)), default=16)
    return min(_WIDEST, max(_NARROWEST, len(title) + 2, longest + 1))


def _sheet_name(name: str, taken: set[str]) -> str:
    """Short enough, without the signs that Excel refuses, and no name twice."""
    plain = re.sub(r"[\[\]:*?/\\']", "-", name)[:_SHEET_NAME]
    for number in range(2, 100):
        if plain.lower() not in taken:
            break
        plain = f"{plain[: _SHEET_NAME - 3]}~{number}"
    taken.add(plain.lower())
    return plain
