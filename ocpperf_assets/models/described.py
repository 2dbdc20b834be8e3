"""What the files of `sql/` say about the relations they make, as what `dim_table` and `dim_column` are made from.

So the words travel with the file they are about: a reader needs neither this package nor `sql/`, and an older warehouse
is described as it was when it was written.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import yaml

from ocpperf_assets.models.model import Model
from ocpperf_mcp.contracts.errors import OcpperfError

SHOWN = {
    "rpt": "What tools and reports read; macros take parameters",
    "fct": "Facts, replaced hour by hour",
    "dim": "Things",
    "raw": "What collection fills",
}
"""Folders whose relations are read, with what they hold; the others hold pieces of these."""

_COLUMNS = "columns.yaml"
_TABLE_SCHEMA = pa.schema(
    [
        ("table_name", pa.string()),
        ("kind", pa.string()),
        ("description", pa.string()),
        ("grain", pa.string()),
        ("key_columns", pa.list_(pa.string())),
        ("parameters", pa.list_(pa.string())),
        ("examples", pa.list_(pa.string())),
    ]
)
_COLUMN_SCHEMA = pa.schema(
    [
        ("column_name", pa.string()),
        ("table_name", pa.string()),
        ("unit", pa.string()),
        ("description", pa.string()),
    ]
)


def described(models: Sequence[Model], sql_directory: Path) -> Mapping[str, pa.Table]:
    """Relations by name. Raises OcpperfError when columns.yaml cannot be read."""
    tables = [_table(model) for model in models if model.folder in SHOWN]
    return {
        "described_table": pa.Table.from_pylist(tables, _TABLE_SCHEMA),
        "described_column": _columns(sql_directory / _COLUMNS),
    }


def _table(model: Model) -> dict[str, Any]:
    return {
        "table_name": model.name,
        "kind": "table" if model.is_table else model.kind,
        "description": model.description,
        "grain": model.grain,
        "key_columns": list(model.keys),
        "parameters": list(model.arguments),
        "examples": list(model.examples),
    }


@lru_cache(maxsize=4)
def _columns(path: Path) -> pa.Table:
    """Read once a process: every turn asks for it."""
    try:
        rows = list(_rows(yaml.safe_load(path.read_text(encoding="utf-8"))))
    except (OSError, yaml.YAMLError, AttributeError, ValueError) as fault:
        raise OcpperfError(f"{path} cannot be read: {fault}", "sql/README.md shows the form.") from fault
    return pa.Table.from_pylist(rows, _COLUMN_SCHEMA)


def _rows(entries: Mapping[str, str]) -> Iterator[dict[str, str | None]]:
    """`table.column: words` holds for one table, `column: words` (table '') elsewhere; a unit stands in brackets."""
    for name, words in entries.items():
        table, _, column = name.rpartition(".")
        unit = None
        if words.startswith("["):
            unit, words = words[1:].split("] ", 1)
        yield {"column_name": column, "table_name": table, "unit": unit, "description": words}
