import itertools
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.contracts.windows import Window, floor_hour, parse_duration, parse_moment, parse_window


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, 24, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("90s", timedelta(seconds=90)),
        ("1h30m", timedelta(hours=1, minutes=30)),
        ("2d", timedelta(days=2)),
        ("1w", timedelta(days=7)),
        (" 24h ", timedelta(hours=24)),
    ],
)
def test_durations_add_their_parts(text: str, expected: timedelta) -> None:
    assert parse_duration(text) == expected


@pytest.mark.parametrize("text", ["", "24", "h", "1.5h", "-1h", "1h 30m", "1y", "24 hours"])
def test_what_is_no_duration_is_refused_with_the_form_that_is(text: str) -> None:
    with pytest.raises(OcpperfError) as fault:
        parse_duration(text)
    assert fault.value.what == f"'{text}' is not a duration."
    assert "24h" in fault.value.next_step


def test_a_duration_of_zero_is_refused() -> None:
    with pytest.raises(OcpperfError, match="'0h' is zero"):
        parse_duration("0h")


@pytest.mark.parametrize("text", ["5219w", "36526d", "9" * 30 + "s"])
def test_a_duration_of_more_than_a_century_is_refused(text: str) -> None:
    with pytest.raises(OcpperfError, match="is longer than a century"):
        parse_duration(text)


@pytest.mark.parametrize("text", ["0001-01-01T00:00+14:00", "9999-12-31T23:59-14:00"])
def test_a_moment_that_utc_has_not_is_refused(text: str) -> None:
    with pytest.raises(OcpperfError, match="is not a time"):
        parse_moment(text)


@pytest.mark.parametrize(
    ("duration", "start", "end"),
    [
        ("1h", None, "0001-01-01T00:30Z"),
        ("1h", "9999-12-31T23:30Z", None),
        (None, "0001-01-01T00:00Z", "2026-01-01T00:00Z"),
    ],
)
def test_a_window_that_leaves_the_calendar_is_refused(duration: str | None, start: str | None, end: str | None) -> None:
    with pytest.raises(OcpperfError, match="The window is longer than a century"):
        parse_window(duration, start, end)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-24T08:00Z", at(8)),
        ("2026-11-24T10:00+02:00", at(8)),
        ("2026-11-24T08:00", at(8)),
    ],
)
def test_moments_are_read_with_any_offset_and_answered_in_utc(text: str, expected: datetime) -> None:
    assert parse_moment(text) == expected
    assert parse_moment(text).tzinfo is UTC


def test_a_moment_without_offset_is_in_the_zone_given() -> None:
    assert parse_moment("2026-11-24T09:00", ZoneInfo("Europe/Prague")) == at(8)


def test_start_and_duration_give_the_end() -> None:
    assert parse_window("2h", "2026-11-24T08:00Z") == Window(at(8), at(10))


def test_end_and_duration_give_the_start() -> None:
    assert parse_window("2h", end="2026-11-24T08:00Z") == Window(at(6), at(8))


def test_a_duration_alone_ends_with_the_data() -> None:
    assert parse_window("2h", data_range=Window(at(0), at(9))) == Window(at(7), at(9))


def test_a_duration_alone_ends_now_where_there_is_no_data_yet() -> None:
    assert parse_window("2h", now=at(9, 30)) == Window(at(7, 30), at(9, 30))


def test_a_name_stands_for_its_window() -> None:
    assert parse_window(name="before", names={"before": Window(at(1), at(2))}) == Window(at(1), at(2))


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        ({}, "No window was given."),
        ({"duration": "1h", "start": "2026-11-24T08:00Z", "end": "2026-11-24T09:00Z"}, "all given"),
        ({"start": "yesterday"}, "'yesterday' is not a time."),
        ({"start": "0001-01-01T00:00+14:00"}, "is not a time."),
        ({"duration": "99999999999w"}, "The duration '99999999999w' is longer than a century."),
        ({"duration": "900000w"}, "The duration '900000w' is longer than a century."),
        ({"start": "9999-12-31", "duration": "2d"}, "The window is longer than a century."),
        ({"start": "2026-11-24T09:00Z", "end": "2026-11-24T09:00Z"}, "not after its start"),
        ({"name": "nope"}, "No window is named 'nope'."),
    ],
)
def test_parts_that_make_no_window_are_refused(arguments: dict[str, str], what: str) -> None:
    with pytest.raises(OcpperfError, match=what):
        parse_window(**arguments)  # type: ignore[arg-type] # the parameters are the test's data


def test_a_window_outside_the_data_answers_with_the_range_that_exists() -> None:
    with pytest.raises(OcpperfError) as fault:
        parse_window("1h", "2026-11-23T08:00Z", data_range=Window(at(0), at(9)))
    assert fault.value.next_step == "The warehouse holds 2026-11-24T00:00Z to 2026-11-24T09:00Z."


@given(st.integers(0, 10**7), st.integers(1, 10**6))
def test_the_hours_of_a_window_meet_without_gap_or_overlap(offset: int, length: int) -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=offset)
    window = Window(start, start + timedelta(seconds=length))
    hours = list(window.hours())
    assert hours[0].start == window.start
    assert hours[-1].end == window.end
    assert all(left.end == right.start for left, right in itertools.pairwise(hours))
    assert all(floor_hour(hour.end - timedelta(microseconds=1)) == floor_hour(hour.start) for hour in hours)
