"""`describe_tables`: what there is to ask for, so that the first query is right. All of it comes from the warehouse."""

import difflib
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import duckdb

from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.sql.examples import Place, filled
from ocpperf_mcp.sql.units import unit_of

_MOMENT = re.compile(r"[ab]?t?[01]|t_lookback|oldest|asked_at|moment")
_COUNT = re.compile(r"how_many")
_LIST = re.compile(r"names|families|domains|of_nodes")
_ROW_PER = re.compile(r"one row per (?:cluster(?:, | and ))?")
_SENTENCE_END = re.compile(r"[.:](?:\s|$)")
# Where nothing was collected yet.
_SOMEWHERE = Place.last_day("lab", datetime(2026, 11, 25, 8))


@dataclass(frozen=True)
class DescribedColumn:
    """A column, or a macro's parameter. `unit` is `dim_metric.unit` where each row has that of its metric, else a name,
    and None where there is none. `description` is empty where none is known.
    """

    name: str
    type: str
    unit: str | None
    description: str
    is_key: bool = False


@dataclass(frozen=True)
class DescribedTable:
    """A relation. `call` is how it stands in FROM; `examples` run as they are on the warehouse that was asked."""

    name: str
    kind: str
    call: str
    description: str
    grain: str
    columns: list[DescribedColumn]
    parameters: list[DescribedColumn]
    examples: list[str]


@dataclass(frozen=True)
class ListedTable:
    """A relation, or several that are alike, as one line of a list of all of them.

    `row_per` is the grain within a cluster, `tells` the beginning of the description; of what collection wrote, from
    which the others are made, it is empty.
    """

    call: str
    row_per: str
    tells: str


def list_tables(con: duckdb.DuckDBPyConnection) -> list[ListedTable]:
    """All relations, reports first; those of which the same is told share a row.

    Raises OcpperfError when the warehouse has no descriptions.
    """
    calls: dict[tuple[str, str], list[str]] = {}
    for row in _tables(con):
        is_source = row["table_name"].startswith("raw_")
        tells = "" if is_source else _SENTENCE_END.split(row["description"], maxsplit=1)[0]
        words = _ROW_PER.sub("", row["grain"], count=1), tells
        calls.setdefault(words, []).append(_call(row))
    return [ListedTable(", ".join(alike), *words) for words, alike in calls.items()]


def describe_tables(con: duckdb.DuckDBPyConnection, names: Sequence[str] = ()) -> list[DescribedTable]:
    """The relations of those names in their order, or all, reports first.

    Raises OcpperfError on a name that there is not, with the nearest ones, and when the warehouse was published by an
    ocpperf that wrote no descriptions.
    """
    known = {str(row["table_name"]): row for row in _tables(con)}
    for name in names:
        if name not in known:
            raise _unknown(name, sorted(known))
    words, place = _words(con), _place(con)
    return [_described(con, known[name], words, place) for name in names or known]


def null_call(name: str, parameters: Sequence[str]) -> str:
    """A call with a NULL of the type that each parameter's name tells: it has the columns, and no rows."""
    return f"{name}({', '.join(f'null::{_type(parameter)}' for parameter in parameters)})"


def _type(parameter: str) -> str:
    if _COUNT.fullmatch(parameter):
        return "INTEGER"
    if _LIST.fullmatch(parameter):
        return "VARCHAR[]"
    if parameter == "width":
        return "INTERVAL"
    return "TIMESTAMP" if _MOMENT.fullmatch(parameter) else "VARCHAR"


def _call(row: Mapping[str, Any]) -> str:
    name = str(row["table_name"])
    return f"{name}({', '.join(row['parameters'])})" if row["kind"] == "macro" else name


def _tables(con: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    try:
        cursor = con.execute(
            "from dim_table order by list_position(['rpt', 'fct', 'dim', 'raw'], split_part(table_name, '_', 1)) "
            "nulls first, table_name"
        )
    except duckdb.CatalogException:
        raise OcpperfError(
            "The warehouse does not describe its tables: an older ocpperf published it.",
            "Collect again, or read docs/tables.md.",
        ) from None
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _unknown(name: str, known: Sequence[str]) -> OcpperfError:
    near = [one for one in known if name.lower() in one][:3] or difflib.get_close_matches(name, known, n=3)
    return OcpperfError(
        f"The warehouse has no table, view or macro '{name}'.",
        f"Near: {', '.join(near)}." if near else "Leave the name out to have all of them.",
    )


@dataclass(frozen=True)
class _Words:
    unit: str | None
    description: str


def _words(con: duckdb.DuckDBPyConnection) -> Mapping[str, Mapping[str, _Words]]:
    """By column, then by table; the table '' is any that has no words of its own."""
    found: defaultdict[str, dict[str, _Words]] = defaultdict(dict)
    rows = con.execute("select column_name, table_name, unit, description from dim_column").fetchall()
    for column, table, unit, description in rows:
        found[column][table] = _Words(unit, description)
    return found


def _place(con: duckdb.DuckDBPyConnection) -> Place:
    """The day up to the newest hour, of the cluster that has it."""
    rows = con.execute(
        "select cluster, max(hour) + interval 1 hour as until from raw_extraction group by all "
        "order by until desc, cluster"
    ).fetchmany(1)
    return Place.last_day(*rows[0]) if rows else _SOMEWHERE


def _described(
    con: duckdb.DuckDBPyConnection, row: Mapping[str, Any], words: Mapping[str, Mapping[str, _Words]], place: Place
) -> DescribedTable:
    name, is_macro = row["table_name"], row["kind"] == "macro"
    relation = null_call(name, row["parameters"]) if is_macro else name
    types = con.execute(f"describe from {relation}").fetchall()

    def told(columns: Sequence[tuple[str, str]]) -> Iterator[DescribedColumn]:
        for column, kind in columns:
            of_column = words.get(column, {})
            said = of_column.get(name) or of_column.get("") or _Words(None, "")
            yield DescribedColumn(
                column, kind, said.unit or unit_of(column), said.description, column in row["key_columns"]
            )

    return DescribedTable(
        name,
        row["kind"],
        _call(row),
        row["description"],
        row["grain"],
        list(told([(column[0], column[1]) for column in types])),
        list(told([(parameter, _type(parameter)) for parameter in row["parameters"]])),
        [filled(example, place) for example in row["examples"]],
    )
