"""Reading the warehouse for one report: a connection, a cluster, its windows, the claims made on the way."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import duckdb

from ocpperf_mcp.contracts.tools import GENERAL, OF_ANALYZER, SHARED
from ocpperf_mcp.contracts.windows import Window
from ocpperf_mcp.extent import aware
from ocpperf_mcp.report.claims import ClaimBook
from ocpperf_mcp.report.model import Span, Value

Row = dict[str, Any]
_PARAMETER = re.compile(r"\$(\w+)")
_HAS = """
select 1 from duckdb_columns() where database_name = current_database() and table_name = $name
union all
select 1 from duckdb_functions() where database_name = current_database() and function_name = $name
limit 1
"""


@dataclass(frozen=True)
class Reading:
    """`against` is the window that `window` is compared with; `analyzer` is None for all of them."""

    con: duckdb.DuckDBPyConnection
    cluster: str
    window: Span
    against: Span | None
    analyzer: str | None
    top: int
    claims: ClaimBook = field(default_factory=ClaimBook)

    def rows(self, query: str, **more: Any) -> list[Row]:
        """Rows of a query, which takes what it needs of `more` and of the parameters below."""
        known = {**self._parameters(), **more}
        asked = {name: known[name] for name in set(_PARAMETER.findall(query))}
        cursor = self.con.execute(query, asked)
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def has(self, relation: str) -> bool:
        """Whether the published warehouse has that table, view or macro."""
        return bool(self.rows(_HAS, name=relation))

    def _parameters(self) -> Row:
        against = self.against
        return {
            "cluster": self.cluster,
            "t0": naive(self.window.start),
            "t1": naive(self.window.end),
            "a0": against and naive(against.start),
            "a1": against and naive(against.end),
            "analyzer": self.analyzer,
            "tools": None if self.analyzer is None else sorted(OF_ANALYZER[self.analyzer] | SHARED | GENERAL),
            "top": self.top,
        }


def naive(moment: datetime) -> datetime:
    """As the warehouse keeps moments: in UTC, without saying so."""
    return moment.replace(tzinfo=None)


def span(window: Window, name: str = "") -> Span:
    return Span(start=window.start, end=window.end, name=name)


def shown(column: str, unit: str = "unit") -> str:
    """SQL for a number with its unit and the text by which it is shown, under the column's own name."""
    name = column.rpartition(".")[2]
    return f"struct_pack(number := {column}, unit := {unit}, text := readable({column}, {unit})) as {name}"


def ranked(expression: str) -> str:
    """SQL for a number to order by: nine digits, since sums over threads differ in the last ones from time to time."""
    return f"printf('%.8e', {expression})::double"


def text(words: object) -> Value:
    """A text as it stands in the warehouse; nothing where there is none."""
    return Value(text="" if words is None else str(words))


def number(value: float | None, unit: str = "", *, words: str | None = None) -> Value:
    """A number that is counted and no metric's, such as of hours."""
    if value is None:
        return Value(text="not known" if words is None else words)
    return Value(text=f"{value:,.6g}" if words is None else words, number=value, unit=unit)


def moment(when: datetime | None) -> Value:
    """A moment of the warehouse."""
    if when is None:
        return Value(text="not known")
    return Value(text=f"{when:%Y-%m-%d %H:%M}", moment=aware(when))
