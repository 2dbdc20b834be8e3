"""Units that the names of columns tell."""

import duckdb

_SUFFIXES = {
    "_seconds": "seconds",
    "_s": "seconds",
    "_ms": "milliseconds",
    "_bytes": "bytes",
    "_per_second": "per_second",
    "_ratio": "ratio",
    "_share": "ratio",
}
_NAMES = {
    "seconds": "seconds",
    "bytes": "bytes",
    "coverage": "ratio",
    "coverage_before": "ratio",
    "coverage_after": "ratio",
}


def unit_of(column: str) -> str | None:
    """None where the name tells none: then a column `unit` beside it or `dim_metric` does, or there is none."""
    name = column.lower()
    if name in _NAMES:
        return _NAMES[name]
    return next((unit for suffix, unit in _SUFFIXES.items() if name.endswith(suffix)), None)


def units_of(con: duckdb.DuckDBPyConnection, columns: list[str]) -> list[str | None]:
    """As unit_of; a column that bears the name of a metric, as PIVOT makes them, has the metric's unit."""
    try:
        known = con.execute(
            "select metric, unit from dim_metric where list_contains($columns, metric)", {"columns": columns}
        ).fetchall()
    except duckdb.CatalogException:
        known = []
    of_metric = dict(known)
    return [of_metric.get(column) or unit_of(column) for column in columns]
