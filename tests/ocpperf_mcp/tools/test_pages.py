"""How an answer is cut: by tokens without a limit, by rows with one; a cursor leads on through the same window."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.tools.answer import moment, plain
from ocpperf_mcp.tools.cursor import Cursor, read_cursor
from ocpperf_mcp.tools.draft import Draft
from ocpperf_mcp.tools.page import BUDGET, dumped, page
from ocpperf_mcp.tools.tokens import tokens
from tests.ocpperf_mcp.tools.asking import ask, rows_of


def draft(rows: int, width: int = 20) -> Draft:
    made = Draft(cluster="c1")
    made.add("levels", ("metric", "value"), [{"metric": f"m{number}", "value": "x" * width} for number in range(rows)])
    made.metrics = {f"m{number}": {"title": "M", "unit": "seconds"} for number in range(rows)}
    return made


def test_what_fits_is_shown_whole() -> None:
    answer = page(draft(3), Cursor(), None)
    assert len(answer.tables["levels"].rows) == 3
    assert "truncated" not in answer.payload()


@given(st.integers(1, 400), st.integers(0, 300))
def test_no_answer_without_a_limit_costs_more_than_the_budget_and_pages_hold_every_row_once(
    rows: int, width: int
) -> None:
    whole = draft(rows, width)
    cursor, seen = Cursor(), []
    while True:
        answer = page(whole, cursor, None)
        assert tokens(dumped(answer.payload())) <= BUDGET
        seen += [row[0] for row in answer.tables["levels"].rows]
        assert set(answer.metrics) == {row[0] for row in answer.tables["levels"].rows}
        if not answer.truncated:
            break
        cursor = read_cursor(answer.truncated["cursor"])
    assert seen == [f"m{number}" for number in range(rows)]


def test_one_row_is_shown_however_much_it_costs() -> None:
    answer = page(draft(2, width=40_000), Cursor(), None)
    assert len(answer.tables["levels"].rows) == 1
    assert answer.truncated["total"] == 2


def test_a_limit_counts_rows_through_all_tables_and_may_cost_more() -> None:
    whole = draft(300)
    whole.add("no_data", ("reason",), [{"reason": "never"}])
    assert "truncated" not in page(whole, Cursor(), 301).payload()
    cut = page(whole, Cursor(), 299)
    assert cut.truncated == {"reason": "limit is 299", "shown": 299, "total": 301, "cursor": "299"}
    rest = page(whole, read_cursor("299"), 299)
    assert {name: len(table.rows) for name, table in rest.tables.items()} == {"levels": 1, "no_data": 1}


def test_a_cursor_keeps_the_window_of_the_first_page(home: Home) -> None:
    asked = {"start_time": "2026-01-01T10:00Z", "end_time": "2026-01-01T11:00Z"}
    first = ask(home, "get_node_health", limit=2, **asked)
    second = ask(home, "get_node_health", cursor=first["truncated"]["cursor"])
    assert second["asked"] == first["asked"]
    whole = rows_of(ask(home, "get_node_health", **asked), "metrics")
    assert rows_of(first, "metrics") + rows_of(second, "metrics") == whole


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0.123456, 0.1235),
        (2.0, 2),
        (123456.7, 123500),
        (float("inf"), "inf"),
        (None, None),
        ([0.5], [0.5]),
        (True, True),
    ],
)
def test_numbers_are_short(value: object, written: object) -> None:
    assert plain(value) == written


def test_times_are_utc_and_as_short_as_they_can_be() -> None:
    assert moment(datetime(2026, 1, 1, 12, 30)) == "2026-01-01T12:30Z"
    assert moment(datetime(2026, 1, 1, 12, 30, 15, tzinfo=UTC)) == "2026-01-01T12:30:15Z"
    assert moment(datetime(2026, 1, 1, 12, 30, tzinfo=timezone(timedelta(hours=2)))) == "2026-01-01T10:30Z"
