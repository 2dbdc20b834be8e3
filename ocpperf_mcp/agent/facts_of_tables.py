"""Facts of the rows of a report's tables."""

from collections.abc import Iterator, Mapping

from ocpperf_mcp.agent.amounts import said, typed
from ocpperf_mcp.agent.fact import Amount, Fact, Role
from ocpperf_mcp.agent.names import NAMING, name_spans, percentiles, rows, title_words
from ocpperf_mcp.agent.units import TIME, TIMES
from ocpperf_mcp.report.model import Column, Report, Section, Table, Value

_ROLES: Mapping[str, Role] = {"objective": "limit", "before": "before", "highest": "peak", "worst_hour": "peak"}
_TOLD = frozenset({"hours", "things"})
"""Columns of texts that are our own words; other texts of cells are names."""


def roles_in(report: Report) -> dict[str, str]:
    """The role of each thing whose row tells one."""
    found: dict[str, str] = {}
    for table, row in rows(report):
        cells = {column.key: value.text for column, value in zip(table.columns, row, strict=True)}
        for key in NAMING & cells.keys():
            if cells.get("role"):
                found[cells[key]] = cells["role"]
    return found


def of_tables(report: Report, things: frozenset[str]) -> Iterator[Fact]:
    for section in report.sections:
        for table in section.tables:
            for row in table.rows:
                yield _of_row(section, table, row, things)


def own_cells(report: Report) -> Iterator[str]:
    for table, row in rows(report):
        yield from (value.text for column, value in zip(table.columns, row, strict=True) if column.key in _TOLD)


def _of_row(section: Section, table: Table, row: tuple[Value, ...], things: frozenset[str]) -> Fact:
    cells = list(zip(table.columns, row, strict=True))
    by_key = {column.key: value.text for column, value in cells}
    names = frozenset(
        name for column, value in cells if column.key in NAMING for _, _, name in name_spans(value.text, things)
    ) | frozenset(value.text for column, value in cells if column.key in NAMING and value.text)
    told = " ".join(by_key.get(key, "") for key in ("metric", "alert", "rule"))
    return Fact(
        things=names,
        words=title_words(told) | ({"alert"} & by_key.keys()) | percentiles(f"{told} {by_key.get('statistic', '')}"),
        amounts=tuple(amount for column, value in cells for amount in _of_cell(column, value)),
        moments=tuple(value.moment for value in row if value.moment is not None),
        statistic=by_key.get("statistic", ""),
        is_missed="missed" in (by_key.get("verdict"), by_key.get("status")),
        is_met="met" in (by_key.get("verdict"), by_key.get("status")),
        text=table.key if section.key in ("changes", "objectives") else "",
    )


def _of_cell(column: Column, value: Value) -> Iterator[Amount]:
    if column.key == "ratio" and value.number is not None:
        yield Amount(value.number, TIMES, "other")
    elif column.key == "minutes" and value.number is not None:
        yield Amount(value.number * 60, TIME, "other")
    elif value.number is not None:
        yield from typed(value, _ROLES.get(column.key, "level"))
    elif column.key in _TOLD:
        yield from said(value.text, "other")
