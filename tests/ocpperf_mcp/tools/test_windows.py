"""Which window an answer is about, and what it can be made from."""

from typing import Any

import pytest

from ocpperf_mcp.contracts.paths import Home
from tests.ocpperf_mcp.tools.asking import ask, refusal, rows_of

TOOL = "get_etcd_disk_wal_fsync"
HELD = "The warehouse holds 2026-01-01T08:00Z to 2026-01-01T11:30Z."


def one(answer: dict[str, Any], metric: str, entity: str = "n1", table: str = "metrics") -> dict[str, Any]:
    (row,) = (row for row in rows_of(answer, table) if (row["metric"], row["entity"]) == (metric, entity))
    return row


def test_the_last_hour_of_the_data_is_asked_about_unless_said_otherwise(home: Home) -> None:
    answer = ask(home, TOOL)
    assert answer["data_as_of"] == "2026-01-01T11:30Z"
    assert answer["asked"] == "2026-01-01T10:30Z/2026-01-01T11:30Z"
    assert ask(home, "get_findings")["asked"] == "2025-12-31T11:30Z/2026-01-01T11:30Z"


def test_a_run_s_name_is_a_window(home: Home) -> None:
    assert ask(home, TOOL, duration="build-1")["asked"] == "2026-01-01T10:00Z/2026-01-01T11:00Z"
    assert refusal(home, TOOL, duration="build-2") == "'build-2' is no duration. Did you mean 'build-1'?"


@pytest.mark.parametrize(
    ("start", "end"),
    [("2025-12-01", "2025-12-02"), ("2026-01-01T11:30Z", "2026-01-01T12:30Z")],
    ids=["before", "after"],
)
def test_a_window_outside_the_data_is_an_error_that_names_the_range(home: Home, start: str, end: str) -> None:
    assert refusal(home, TOOL, start_time=start, end_time=end).endswith(HELD)


def test_times_need_no_duration_and_bear_none_beside_two(home: Home) -> None:
    whole = {"start_time": "2026-01-01T09:00+01:00", "end_time": "2026-01-01T10:00+01:00"}
    assert ask(home, TOOL, **whole)["asked"] == "2026-01-01T08:00Z/2026-01-01T09:00Z"
    assert refusal(home, TOOL, **whole, duration="1h") == (
        "Duration, start and end were all given. Leave one of the three out."
    )


def test_one_time_reaches_to_the_end_of_the_data_or_an_hour_back(home: Home) -> None:
    assert ask(home, TOOL, start_time="2026-01-01T09:00Z")["asked"] == "2026-01-01T09:00Z/2026-01-01T11:30Z"
    assert ask(home, TOOL, end_time="2026-01-01T09:00Z")["asked"] == "2026-01-01T08:00Z/2026-01-01T09:00Z"


def test_an_empty_window_has_no_value_and_says_why(home: Home) -> None:
    answer = ask(home, "query_metric", metric="patchy", start_time="2026-01-01T10:20Z", end_time="2026-01-01T10:40Z")
    assert "metrics" not in answer["tables"]
    assert rows_of(answer, "no_data") == [{"reason": "no observations", "metrics": ["patchy"]}]


def test_the_open_hour_is_answered_and_said_to_be_open(home: Home) -> None:
    answer = ask(home, TOOL, duration="30m")
    assert one(answer, "fsync_rate")["avg"] == 4
    assert "The newest hour is not complete yet." in answer["notes"]
    closed = ask(home, TOOL, start_time="2026-01-01T09:00Z", end_time="2026-01-01T10:00Z")
    assert not any("not complete" in note for note in closed["notes"])


def test_buckets_are_asked_in_whole_five_minutes_and_the_answer_says_so(home: Home) -> None:
    answer = ask(home, "query_metric", metric="fsync", start_time="2026-01-01T10:02Z", end_time="2026-01-01T10:58Z")
    assert answer["answered"] == "2026-01-01T10:00Z/2026-01-01T11:00Z"


def test_across_the_edge_of_the_samples_five_minutes_tell_and_no_quantile_over_time(aged: Home) -> None:
    answer = ask(aged, TOOL, start_time="2026-01-01T09:30Z", end_time="2026-01-01T10:30Z")
    row = one(answer, "fsync_rate")
    assert (row["avg"], row["max"], row["last"]) == (2.5, 4, 1)
    assert (row["p50"], row["p95"], row["p99"]) == (None, None, None)
    assert one(answer, "fsync_p99", table="latencies")["p99"] is not None
    assert any("no p50, p95, p99 over time" in note for note in answer["notes"])


def test_across_the_edge_of_five_minutes_hours_tell_of_a_wider_window(aged: Home) -> None:
    answer = ask(aged, TOOL, start_time="2026-01-01T08:30Z", end_time="2026-01-01T10:30Z")
    assert answer["answered"] == "2026-01-01T08:00Z/2026-01-01T11:00Z"
    assert one(answer, "fsync_rate")["avg"] == pytest.approx((4 + 4 + 1.5) / 3, rel=1e-3)


def test_what_begins_behind_the_edge_is_told_by_samples(aged: Home) -> None:
    answer = ask(aged, TOOL, start_time="2026-01-01T10:00Z", end_time="2026-01-01T11:00Z")
    row = one(answer, "fsync_rate")
    assert (row["avg"], row["p99"], row["before"]) == (1.5, 2, None)
