"""docs/tables.md, made from `sql/` and an empty warehouse built from it; run as a module, it writes the file anew."""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pyarrow as pa

from ocpperf_assets.catalogue import load_catalogue
from ocpperf_assets.catalogue.arrow import CAUSE_SCHEMA, METRIC_SCHEMA, RULE_SCHEMA
from ocpperf_assets.catalogue.locate import metrics_directory, sql_directory
from ocpperf_assets.ingest.user_state import user_tables
from ocpperf_assets.models.graph import load_models
from ocpperf_assets.models.model import Model
from ocpperf_assets.models.runner import build_models, create_raw_tables

FILE = Path("docs/tables.md")
SHOWN = {
    "rpt": "What tools and reports read; macros take parameters",
    "fct": "Facts, replaced hour by hour",
    "dim": "Things",
    "raw": "What collection fills",
}
_INTRO = """\
# Tables

Made from `sql/` by `python -m ocpperf_assets.models.book`. Times are UTC, `hour` is the beginning of an hour, units
stand in `dim_metric.unit`. Columns in **bold** are the key. `raw_<domain>` is one table a domain; `raw_sample` unites
them.
"""
_MOMENT = re.compile(r"[ab]?t?[01]|t_lookback|oldest|asked_at")
_LIST = re.compile(r"names|families|of_nodes")
_COUNT = re.compile(r"how_many")


def book() -> str:
    """The whole text."""
    domains = load_catalogue([metrics_directory()]).domains
    models = load_models(sql_directory(), domains)
    with duckdb.connect() as con:
        _build_empty(con, models, domains)
        columns = {model.name: _columns(con, model) for model in models if model.folder in SHOWN}
    named = [model for model in models if model.folder in SHOWN and model.name not in _copies(domains)]
    parts = [_INTRO, *_diagram(named, columns)]
    for folder, words in SHOWN.items():
        parts.append(f"\n## {words}")
        for model in sorted((one for one in named if one.folder == folder), key=lambda one: one.name):
            parts += _section(model, columns[model.name])
    return "\n".join(parts) + "\n"


def _copies(domains: Sequence[str]) -> set[str]:
    """Tables of single domains, which are all alike, but for the first."""
    return {f"raw_{domain}" for domain in domains[1:]}


def _build_empty(con: duckdb.DuckDBPyConnection, models: Sequence[Model], domains: Sequence[str]) -> None:
    empty = {"catalogue_metric": METRIC_SCHEMA, "catalogue_rule": RULE_SCHEMA, "catalogue_cause": CAUSE_SCHEMA}
    for name, schema in empty.items():
        con.register(name, pa.Table.from_pylist([], schema))
    for name, table in user_tables(None).items():
        con.register(name, table)
    create_raw_tables(con, sql_directory(), domains)
    build_models(con, models, (), now=datetime(2026, 1, 1, tzinfo=UTC), on_change=lambda *_: None)


def _columns(con: duckdb.DuckDBPyConnection, model: Model) -> list[tuple[str, str]]:
    """Names and types in order."""
    relation = model.signature if model.kind == "macro" else model.name
    if model.kind == "macro":
        name, _, parameters = relation.rstrip(")").partition("(")
        relation = f"{name}({', '.join(_nothing(part.strip()) for part in parameters.split(',') if part.strip())})"
    return [(row[0], row[1]) for row in con.execute(f"describe from {relation}").fetchall()]


def _nothing(parameter: str) -> str:
    """A NULL of the type that the parameter's name tells."""
    if _COUNT.fullmatch(parameter):
        return "null::integer"
    if _LIST.fullmatch(parameter):
        return "null::varchar[]"
    if parameter == "width":
        return "null::interval"
    return "null::timestamp" if _MOMENT.fullmatch(parameter) else "null::varchar"


def _diagram(models: Sequence[Model], columns: dict[str, list[tuple[str, str]]]) -> Iterator[str]:
    """Tables with keys, joined where a column of one is the whole key of another beside the cluster."""
    tables = [model for model in models if model.is_table and model.keys and model.folder in ("dim", "fct")]
    yield "\n```mermaid\nerDiagram"
    for model in tables:
        yield f"    {model.name} {{"
        yield from (f"        {_word(kind)} {name} PK" for name, kind in columns[model.name] if name in model.keys)
        yield "    }"
    for one in (model for model in tables if model.folder == "dim"):
        (key, *more) = [name for name in one.keys if name != "cluster"] or [""]
        for many in tables:
            names = {name for name, _ in columns[many.name]}
            if key and not more and many.folder == "fct" and key in names:
                yield f"    {one.name} ||--o{{ {many.name} : {key}"
    yield "```"


def _word(kind: str) -> str:
    return re.sub(r"[^a-z0-9_]+", "_", kind.lower()).strip("_")


def _section(model: Model, columns: Sequence[tuple[str, str]]) -> Iterator[str]:
    title = model.signature if model.kind == "macro" else model.name
    yield f"\n### `{title}`\n"
    yield f"{_upper(model.description)}\n"
    if model.grain:
        yield f"Grain: {model.grain}.\n"
    cells = (f"**{name}** {kind}" if name in model.keys else f"{name} {kind}" for name, kind in columns)
    yield ", ".join(cell.replace("|", "\\|") for cell in cells) + "."


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


if __name__ == "__main__":
    FILE.write_text(book(), encoding="utf-8")
