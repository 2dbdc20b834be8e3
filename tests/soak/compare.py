"""Whether two warehouses hold the same, and where they do not."""

from collections.abc import Iterator, Mapping

import duckdb

from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.warehouse import open_published

# They tell how and when the warehouse was written, not what was measured.
LEDGERS = {"raw_publication", "raw_model", "raw_reach", "raw_retention", "raw_compaction", "schema_version"}
BOOKKEEPING = {
    "raw_extraction": {"attempts", "bytes", "seconds", "run_id", "extracted_at"},
    "raw_series_label": {"changed_version"},
}
VIEWS = ["rpt_findings", "rpt_coverage", "raw_closed_hour"]
_TIMES = ("hour", "ts", "start")
_SHOWN = 5

Content = Mapping[tuple[object, ...], tuple[int, str]]
"""Rows and their hash of every metric and hour; numbers count to ten digits, since threads add up in any order."""


def differences(one: Home, other: Home) -> Iterator[str]:
    """A sentence for every table that differs."""
    with open_published(one) as left, open_published(other) as right:
        names = _tables(left)
        if names != _tables(right):
            yield f"tables that only one has: {names ^ _tables(right)}"
        for table in sorted(names & _tables(right)):
            yield from _difference(table, _content(left, table), _content(right, table))


def _tables(con: duckdb.DuckDBPyConnection) -> set[str]:
    rows = con.execute("select table_name from duckdb_tables() where not temporary").fetchall()
    return {str(name) for (name,) in rows} - LEDGERS | set(VIEWS)


def _content(con: duckdb.DuckDBPyConnection, table: str) -> Content:
    left_out = BOOKKEEPING.get(table, set())
    rows = con.execute(f"select column_name, column_type from (describe {table})").fetchall()
    types = {name: kind for name, kind in rows if name not in left_out}
    time = next((f"date_trunc('hour', {name})" for name in _TIMES if name in types), "null")
    metric = "metric" if "metric" in types else "null"
    parts = [f"format('{{:.10e}}', \"{name}\")" if kind == "DOUBLE" else f'"{name}"' for name, kind in types.items()]
    found = con.execute(
        f"select {time}, {metric}, count(*), sum(hash(row({', '.join(parts)})))::varchar from {table} group by all"
    )
    return {(hour, name): (count, total) for hour, name, count, total in found.fetchall()}


def _difference(table: str, left: Content, right: Content) -> Iterator[str]:
    unequal = sorted((key for key in left.keys() | right.keys() if left.get(key) != right.get(key)), key=str)
    if not unequal:
        return
    shown = "; ".join(
        f"{hour} {metric}: {left.get((hour, metric), (0,))[0]} rows against {right.get((hour, metric), (0,))[0]}"
        for hour, metric in unequal[:_SHOWN]
    )
    hours = ", ".join(sorted({f"{hour:%d %H}h" if hour else "of no hour" for hour, _ in unequal}))
    yield f"{table} differs in {len(unequal)} of {len(left.keys() | right.keys())} parts ({hours}): {shown}"
