"""An hour costs the same after a year as on the first day: models read their window, not history."""

import json
from collections.abc import Iterator
from typing import Any

from ocpperf_assets.models import Change, Model
from ocpperf_assets.models.windows import parameters
from tests.ocpperf_assets.models.conftest import Warehouse, hours, load, simulated
from tests.sql.folder_case import shipped_models

WINDOWED = [model for model in shipped_models() if model.is_windowed]
ROW_GROUP = 122_880
RAW = ("raw_node", "raw_etcd", "raw_histogram", "raw_series_label")


def scans(warehouse: Warehouse, model: Model, change: Change) -> list[dict[str, Any]]:
    """The table scans DuckDB did to build one window."""
    explained = warehouse.con.execute(
        f"explain (analyze, format json) {model.body}", parameters(model, change, warehouse.now)
    ).fetchall()
    return [node for node in _walk(json.loads(explained[0][1])["operator"]) if node["type"] == "TABLE_SCAN"]


def _walk(nodes: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for node in nodes:
        yield node
        yield from _walk(node.get("children", []))


def rows_taken(warehouse: Warehouse, change: Change) -> dict[str, dict[str, int]]:
    """By model and large raw table, the rows that pass the filters pushed into the scans."""
    warehouse.build(change)
    taken: dict[str, dict[str, int]] = {}
    for model in WINDOWED:
        tables = taken.setdefault(model.name, {})
        for scan in scans(warehouse, model, change):
            table = scan["extra_info"]["Table"].removeprefix("memory.main.")
            if table not in RAW:
                continue
            tables[table] = tables.get(table, 0) + scan["intermediate_rows"]
    return taken


def test_the_rows_a_model_takes_do_not_grow_with_history() -> None:
    short = rows_taken(load(simulated(8)), hours(7, 8))
    long = rows_taken(load(simulated(60)), hours(59, 60))
    grown = [
        (model, table)
        for model, tables in long.items()
        for table in tables
        if tables[table] > short[model].get(table, 0)
    ]
    assert grown == []
    assert short["fct_metric_hourly"]["raw_node"] == 120


def test_whole_row_groups_of_history_are_skipped() -> None:
    warehouse = load(simulated(24))
    change = hours(23, 24)
    warehouse.build(change)
    warehouse.con.execute(
        "insert into raw_node select 'c1', 'busy', 1, timestamp '2025-11-01' + to_milliseconds(i * 1800), "
        "0.5 from range(2_500_000) as r(i)"
    )
    for model in WINDOWED:
        raw = [scan for scan in scans(warehouse, model, change) if scan["extra_info"]["Table"].endswith("raw_node")]
        assert all(scan["rows_scanned"] <= 2 * ROW_GROUP for scan in raw), model.name
