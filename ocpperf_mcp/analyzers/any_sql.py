"""SQL of the caller's own, and what there is to write it with."""

from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import Field

from ocpperf_mcp.sql.describe import DescribedTable, list_tables
from ocpperf_mcp.sql.describe import describe_tables as described
from ocpperf_mcp.tools.answer import Row
from ocpperf_mcp.tools.asks import Ask
from ocpperf_mcp.tools.draft import Draft
from ocpperf_mcp.tools.question import Question
from ocpperf_mcp.tools.registry import Toolbox

ANY_SQL = Toolbox()


class SqlAsk(Ask):
    """One statement."""

    sql: Annotated[str, Field(description="one SELECT, FROM, DESCRIBE, SUMMARIZE or SHOW, in DuckDB's dialect")]


class TablesAsk(Ask):
    """Some relations, or all."""

    names: Annotated[list[str] | None, Field(description="tables, views, macros; none: a list of all")] = None


@ANY_SQL.tool("SQL", SqlAsk)
def run_sql(question: Question[SqlAsk]) -> Draft:
    """One read-only SQL statement on the warehouse, for what no other tool answers; UTC; 10 s and 1,000 rows at most.

    Write it after describe_tables. A truncated answer reads on by cursor, which needs an ORDER BY.
    Example: select node, count(*) from rpt_findings group by node
    """
    result = question.runner.run(question.ask.sql)
    draft = Draft()
    draft.columns["rows"] = [column.name for column in result.columns]
    draft.rows += [("rows", row) for row in result.rows]
    units = [f"{column.name}: {column.unit}" for column in result.columns if column.unit]
    draft.notes += [f"Units: {', '.join(units)}."] if units else []
    draft.notes.append(result.truncated or f"{len(result.rows)} rows.")
    return draft


@ANY_SQL.tool("Tables", TablesAsk)
def describe_tables(question: Question[TablesAsk]) -> Draft:
    """What run_sql can ask: all relations (row_per: within a cluster); of named ones columns, units, keys, examples.

    Example: which columns has rpt_findings?
    """
    draft = Draft()
    if not question.ask.names:
        listed = [vars(table) for table in list_tables(question.con)]
        draft.add("relations", ("call", "row_per", "tells"), listed)
        return draft
    found = described(question.con, question.ask.names)
    draft.add("relations", ("call", "grain", "description"), [vars(table) for table in found])
    draft.add("examples", ("sql",), [{"sql": example} for table in found for example in table.examples])
    draft.add("parameters", ("relation", "name", "type", "description"), list(_fields(found, "parameters")))
    draft.add("columns", ("relation", "name", "type", "unit", "is_key", "description"), list(_fields(found, "columns")))
    return draft


def _fields(found: list[DescribedTable], part: str) -> Iterator[Row]:
    for table in found:
        fields: list[Any] = getattr(table, part)
        yield from ({"relation": table.name, **vars(one)} for one in fields)
