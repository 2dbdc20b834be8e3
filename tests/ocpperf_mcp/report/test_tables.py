"""Workbook and CSV have typed cells, units in their titles, every claim, and no formula of anybody's."""

import csv
from datetime import datetime
from io import BytesIO, StringIO
from zipfile import ZipFile

import pytest
from openpyxl import Workbook, load_workbook

from ocpperf_mcp.report.csv_files import csv_files
from ocpperf_mcp.report.model import Column, Report, Table, Value
from ocpperf_mcp.report.tables import flat_tables, guarded
from ocpperf_mcp.report.workbook import workbook
from tests.ocpperf_mcp.report.made_up import FORMULA, claimed, event, finding, report, table


def read(made: Report) -> Workbook:
    return load_workbook(BytesIO(workbook(made)))


def rows(book: Workbook, name: str) -> list[tuple[object, ...]]:
    return [tuple(row) for row in book[name].iter_rows(values_only=True)]


def files(made: Report) -> dict[str, list[list[str]]]:
    with ZipFile(BytesIO(csv_files(made))) as archive:
        return {
            name: list(csv.reader(StringIO(archive.read(name).decode("utf-8"), newline="")))
            for name in archive.namelist()
        }


def test_numbers_and_moments_are_such_and_their_unit_stands_in_the_title() -> None:
    titles, first, *_ = rows(read(report(**claimed(table(3)))), "nodes")
    assert titles == ("Table", "Metric", "Of", "Level (ratio)", "Objective (ratio)", "Objective, as shown",
                      "Last seen (UTC)", "Marks", "Claims")  # fmt: skip
    assert first == (
        "Usage of usage",
        "CPU",
        "n0",
        0.97,
        0.9,
        "90 % (T1)",
        datetime(2026, 1, 1, 5),
        "warning top",
        "usage0",
    )


def test_where_units_differ_each_number_has_its_own_and_nothing_is_no_zero() -> None:
    column = Column(key="level", title="Level", kind="number")
    values = (
        Value(text="1 s", number=1, unit="seconds"),
        Value(text="5 %", number=0.05, unit="ratio"),
        Value(text="-"),
    )
    mixed = Table(key="t", columns=(column,), rows=tuple((value,) for value in values), rows_in_all=3)
    flat = next(one for one in flat_tables(report(**claimed(mixed))) if one.name == "nodes")
    assert flat.titles[1:3] == ("Level", "Level, unit")
    assert [row[1:3] for row in flat.rows] == [(1.0, "seconds"), (0.05, "ratio"), (None, None)]


def test_every_claim_stands_by_itself_with_its_query_window_and_samples() -> None:
    titles, first, *others = rows(read(report(**claimed(table(3)))), "claims")
    told = dict(zip(titles, first, strict=True))
    assert (told["Claim"], told["Value"], told["Unit"]) == ("usage0", 0.97, "ratio")
    assert (told["Samples expected"], told["Samples found"], told["Step (s)"]) == (360, 350, 60)
    assert told["PromQL"] == 'sum(rate(cpu{mode!="idle"}[5m]))'
    assert told["Window start (UTC)"] == datetime(2026, 1, 1)
    assert len(others) == 2


def test_the_workbook_of_a_warehouse_has_its_findings_and_a_sheet_for_every_section(faulty_hours: Report) -> None:
    book = read(faulty_hours)
    assert book.sheetnames[:4] == ["summary", "states", "findings", "events"]
    assert {section.key for section in faulty_hours.sections if section.tables} <= set(book.sheetnames)
    ids = [row[0] for row in rows(book, "findings")[1:]]
    assert ids == [one.finding_id for one in faulty_hours.findings]


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t"])
def test_what_a_spreadsheet_would_run_is_text(begin: str) -> None:
    assert guarded(f"{begin}1+1") == f"'{begin}1+1"
    assert guarded("n-1 = @x") == "n-1 = @x"


def test_no_cell_of_a_workbook_is_a_formula() -> None:
    made = report(
        findings=(finding(entity=FORMULA, summary="https://evil.example"),), events=(event(1, summary=FORMULA),)
    )
    book = read(made)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    (entity,) = (cell for row in book["findings"].iter_rows() for cell in row if cell.value == FORMULA)
    assert entity.quotePrefix
    assert not [cell for cell in cells if cell.hyperlink]


def test_no_cell_of_a_csv_file_is_a_formula() -> None:
    made = files(report(findings=(finding(entity=FORMULA),), events=(event(1, summary=FORMULA),)))
    assert f"'{FORMULA}" in made["findings.csv"][1]
    assert f"'{FORMULA}" in made["events.csv"][1]


def test_csv_files_are_the_workbooks_sheets_and_the_same_each_time(faulty_hours: Report) -> None:
    assert [name.removesuffix(".csv") for name in files(faulty_hours)] == read(faulty_hours).sheetnames
    assert csv_files(faulty_hours) == csv_files(faulty_hours)


def test_a_cluster_without_data_has_tables_of_titles_alone() -> None:
    made = files(report())
    assert made["findings.csv"][1:] == []
    assert ["state", "unknown"] in made["summary.csv"]
