"""What is noted of a window follows from what was asked and how far the data go, and is held against them again."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import duckdb
import pytest

from ocpperf_mcp.cli.verify import again
from ocpperf_mcp.contracts.windows import HOUR, Window
from ocpperf_mcp.report.as_json import as_json, read_json
from ocpperf_mcp.report.gather import gather
from ocpperf_mcp.report.model import Report, Span
from ocpperf_mcp.report.notes import notes_of
from ocpperf_mcp.report.verify import Verification, verify
from tests.ocpperf_mcp.report.conftest import FAULTY, hours

WINDOW = hours(10, 12).window
HALF = HOUR / 2
CUT = "No hour after 2026-01-01 12:00 UTC is complete: what came then is left out."


@pytest.mark.parametrize(
    ("asked", "as_of", "notes"),
    [
        (WINDOW, WINDOW.end, ()),
        (Window(WINDOW.start + HALF, WINDOW.end), WINDOW.end, ("The window was widened to whole hours.",)),
        (Window(WINDOW.start, WINDOW.end + HALF), WINDOW.end + HALF, (CUT,)),
        (WINDOW, WINDOW.end - HOUR, ("Nothing was collected after 2026-01-01 11:00 UTC.",)),
        (WINDOW, None, ("Nothing of this cluster was ever collected.",)),
    ],
    ids=["as asked", "widened", "cut", "data that ended", "never collected"],
)
def test_a_note_follows_from_what_was_asked_and_how_far_the_data_go(
    asked: Window, as_of: Any, notes: tuple[str, ...]
) -> None:
    assert notes_of(asked, WINDOW, as_of) == notes


@pytest.fixture
def cut(con: duckdb.DuckDBPyConnection) -> Report:
    """Of hours of which the last one was still open."""
    typed = Span(start=FAULTY.window.start, end=FAULTY.window.end + HALF)
    return gather(con, replace(FAULTY, typed=typed))


def held(con: duckdb.DuckDBPyConnection, report: Report, change: Callable[[dict[str, Any]], object]) -> Verification:
    written = json.loads(as_json(report))
    change(written)
    said = read_json(json.dumps(written), "report.json")
    return verify(said, again(con, said), lambda number, unit: f"{number} {unit}")


def test_notes_that_still_hold_are_no_difference(con: duckdb.DuckDBPyConnection, cut: Report) -> None:
    assert cut.notes == (CUT,)
    found = held(con, cut, lambda written: None)
    assert (found.differences, found.since) == ([], ())


@pytest.mark.parametrize(
    "change",
    [
        lambda written: written.pop("notes"),
        lambda written: written["notes"].append("All is well."),
        lambda written: written["notes"].__setitem__(0, CUT.replace("12:00", "11:00")),
    ],
    ids=["left out", "added", "changed"],
)
def test_a_note_that_was_tampered_with_is_told(
    con: duckdb.DuckDBPyConnection, cut: Report, change: Callable[[dict[str, Any]], object]
) -> None:
    assert [one.place for one in held(con, cut, change).differences] == ["notes"]


def test_what_was_collected_since_is_told_as_such_and_is_no_difference(
    con: duckdb.DuckDBPyConnection, cut: Report
) -> None:
    ended = cut.window.end - HOUR

    def made_earlier(written: dict[str, Any]) -> None:
        written["data"][0]["as_of"] = ended.isoformat()
        written["notes"] = ["Nothing was collected after 2026-01-01 11:00 UTC."]

    found = held(con, cut, made_earlier)
    assert found.differences == []
    assert found.since == (
        "Collected of c1 since: the data go to 2026-01-01 12:30 UTC, those of the report to 2026-01-01 11:00 UTC.",
        "No longer so, since more was collected: Nothing was collected after 2026-01-01 11:00 UTC.",
    )


def test_data_that_reach_farther_than_the_warehouse_are_told(con: duckdb.DuckDBPyConnection, cut: Report) -> None:
    later = (cut.window.end + timedelta(days=1)).isoformat()
    found = held(con, cut, lambda written: written["data"][0].update(as_of=later))
    assert [one.place for one in found.differences] == ["data/0/as_of"]
