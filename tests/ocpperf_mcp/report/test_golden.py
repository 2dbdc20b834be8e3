"""A small warehouse gives the report that is committed, and its schema describes it."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from ocpperf_mcp.report.as_json import as_json, read_json
from ocpperf_mcp.report.model import Report
from ocpperf_mcp.report.schema import FILE, schema_text
from tests.ocpperf_mcp.report.golden import FOLDER, texts

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    return dict(json.loads((ROOT / FILE).read_text(encoding="utf-8")))


@pytest.mark.parametrize("name", ["report.json", "report.md"])
def test_the_report_is_the_committed_one(faulty_hours: Report, name: str) -> None:
    committed = (FOLDER / name).read_text(encoding="utf-8")
    assert texts(faulty_hours)[name] == committed, (
        "see the difference, then `python -m tests.ocpperf_mcp.report.golden`"
    )


def test_the_schema_is_up_to_date() -> None:
    assert (ROOT / FILE).read_text(encoding="utf-8") == schema_text(), "run `python -m ocpperf_mcp.report.schema`"


def test_the_schema_describes_the_report(faulty_hours: Report, schema: dict[str, Any]) -> None:
    jsonschema.validate(json.loads(as_json(faulty_hours)), schema)


def test_the_schema_refuses_what_no_report_says(faulty_hours: Report, schema: dict[str, Any]) -> None:
    spoilt = json.loads(as_json(faulty_hours))
    spoilt["states"][0]["state"] = "excellent"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(spoilt, schema)


def test_a_report_survives_being_written_and_read(faulty_hours: Report) -> None:
    assert read_json(as_json(faulty_hours), "report.json") == faulty_hours
