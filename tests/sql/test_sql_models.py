"""Every folder `tests/sql/<table>/<case>/` is a test: the input is built by the real runner and compared."""

import math
import re
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
KINDS = {"normal", "edge", "missing"}
# Copies of a relation that Python makes: what they hold is tested where it is made.
EXEMPT = {
    "dim_metric": "the catalogue's metrics: tests/ocpperf_assets/catalogue",
    "dim_rule": "its rules: tests/ocpperf_assets/catalogue, and their examples in tests/sql/test_rule_examples.py",
    "dim_table": "its words: tests/ocpperf_assets/models/test_described.py",
    "dim_column": "likewise",
    "dim_cause": "its causes: tests/ocpperf_assets/catalogue/test_causes.py",
    "dim_user_run": "named windows: tests/ocpperf_mcp/cli/test_compare.py",
    "dim_user_ack": "acknowledgements: the cases of rpt_findings, and tests/spine/test_acknowledging.py",
}


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


def test_every_model_that_is_read_has_a_normal_an_edge_and_a_missing_case() -> None:
    read = {model.name for model in shipped_models() if model.folder in ("dim", "fct", "rpt")}
    lacking = {table: KINDS - kinds_of_cases(table) for table in read - EXEMPT.keys()}
    assert {table: kinds for table, kinds in lacking.items() if kinds} == {}


def test_an_exempt_model_exists_and_derives_nothing() -> None:
    exempt = {name: model for model in shipped_models() if (name := model.name) in EXEMPT}
    assert exempt.keys() == EXEMPT.keys()
    for name, model in exempt.items():
        assert re.fullmatch(r"select [\w\s,\"]+ from (catalogue|user|described)_\w+", " ".join(model.body.split())), (
            name
        )


def test_the_name_of_every_case_begins_with_its_kind() -> None:
    assert [folder for folder in CASES if folder.name.split("_")[0] not in KINDS] == []


def kinds_of_cases(table: str) -> set[str]:
    return {folder.name.split("_")[0] for folder in CASES if folder.parent.name == table}


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
