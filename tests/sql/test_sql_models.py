"""Every folder `tests/sql/<table>/<case>/` is a test: the input is built by the real runner and compared."""

import math
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from ocpperf_assets.catalogue.document import YamlLoader
from tests.sql.folder_case import build_case, load_case, read_case, shipped_models

HERE = Path(__file__).parent
CASES = sorted(path.parent for path in HERE.glob("*/*/input.yaml"))


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: f"{folder.parent.name}-{folder.name}")
def test_case(folder: Path) -> None:
    expected = yaml.load((folder / "expect.yaml").read_text(encoding="utf-8"), YamlLoader)
    case = read_case(folder / "input.yaml")
    with duckdb.connect() as con:
        load_case(con, case)
        build_case(con, case, folder.parent.name)
        rows = con.execute(expected.get("query") or f"from {folder.parent.name} order by all").fetchall()
        columns = [column[0] for column in con.description or ()]
    found = [dict(zip(columns, row, strict=True)) for row in rows]
    shown = [
        {name: row.get(name, "no such column") for name in want}
        for row, want in zip(found, expected["rows"], strict=False)
    ]
    assert len(found) == len(expected["rows"]), found
    assert [_comparable(row) for row in shown] == [_comparable(row) for row in expected["rows"]]


def test_every_fact_and_findings_have_a_normal_an_edge_and_a_missing_case() -> None:
    facts = {model.name for model in shipped_models() if model.folder == "fct"} | {"rpt_findings"}
    cases = {table: {path.name.split("_")[0] for path in CASES if path.parent.name == table} for table in facts}
    assert {table: {"normal", "edge", "missing"} - kinds for table, kinds in cases.items()} == {
        table: set() for table in facts
    }


def _comparable(value: Any) -> Any:
    """Times without their spelling, floats equal to 1e-9."""
    if isinstance(value, dict):
        return {name: _comparable(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_comparable(part) for part in value]
    if isinstance(value, datetime):
        return value.replace(tzinfo=None).isoformat()
    if isinstance(value, float) and math.isfinite(value):
        return pytest.approx(value, rel=1e-9, abs=1e-12)
    if isinstance(value, int) and not isinstance(value, bool):
        return pytest.approx(value, rel=1e-9)
    return value
