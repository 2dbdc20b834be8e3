"""What a collection asks for and what it stages."""

from datetime import timedelta
from itertools import pairwise

import pytest

from ocpperf_assets.extraction import plan
from tests import wire as faults
from tests.ocpperf_assets.extraction.conftest import (
    BROKEN,
    BUCKETS,
    FAULTY,
    HOURS,
    LATE,
    LOAD,
    NOTHING,
    SERIES,
    STATE,
    T0,
    Lab,
    at,
    hours,
)

MINUTE = timedelta(minutes=1)
EXTRACTION = "select metric, hour, status, error, notes from extraction order by all"


def test_a_window_is_asked_for_without_its_end(lab: Lab) -> None:
    lab.collect(LOAD, windows=(hours(1, 2),))
    assert lab.wire.asked == [(T0.timestamp() + 3600, T0.timestamp() + 7140, 60)]
    assert lab.rows("select min(ts), max(ts), count(*) from samples") == [
        (at(1), at(2) - timedelta(minutes=1), 60 * SERIES)
    ]


def test_neighbouring_windows_are_asked_for_at_once_and_others_apart(lab: Lab) -> None:
    lab.collect(LATE, windows=(hours(2, 3), hours(0, 1), hours(3, 4)))
    starts = [(start - T0.timestamp()) / 3600 for start, _, _ in lab.wire.asked]
    assert starts == [0, 2]


def test_a_bucket_point_is_stored_at_the_start_of_its_five_minutes(lab: Lab) -> None:
    lab.collect(BUCKETS, windows=(hours(1, 2),))
    assert lab.wire.asked == [(T0.timestamp() + 3900, T0.timestamp() + 7200, 300)]
    assert lab.rows("select min(ts), max(ts), count(distinct ts), list(distinct le order by le) from buckets") == [
        (at(1), at(2) - timedelta(minutes=5), 12, [0.1, 1.0, float("inf")])
    ]
    assert lab.rows("select count(*) from series") == [(1,)], "the buckets of a histogram are one series"
    shares = "select distinct increase / first(increase) over (partition by ts order by le) from buckets order by 1"
    assert lab.rows(shares) == [(1.0,), (3.0,), (4.0,)]


def test_a_state_keeps_the_ends_of_its_runs_within_each_hour(lab: Lab) -> None:
    lab.collect(STATE)
    change = at(1) + 20 * MINUTE
    assert lab.rows("select ts, value from samples order by ts limit 6") == [
        (at(0), 1.0),
        (at(1) - MINUTE, 1.0),
        (at(1), 1.0),
        (change, 1.0),
        (change + MINUTE, 2.0),
        (at(2) - MINUTE, 2.0),
    ]


def test_each_metric_and_hour_has_its_row_with_its_own_status(lab: Lab) -> None:
    report = lab.collect(LOAD, LATE, NOTHING, FAULTY)
    found = {(metric, hour): status for metric, hour, status, *_ in lab.rows(EXTRACTION)}
    assert len(found) == 4 * HOURS
    assert [found["late", at(hour)] for hour in range(HOURS)] == ["empty", "empty", "ok", "ok"]
    assert {found["load", at(hour)] for hour in range(HOURS)} == {"ok"}
    assert {found["nothing", at(hour)] for hour in range(HOURS)} == {"empty"}
    assert {found["faulty", at(hour)] for hour in range(HOURS)} == {"error"}
    assert len(report.failures) == 1
    assert "faulty: " in report.failures[0]
    assert "parse error" in report.failures[0]
    assert report.samples == lab.rows("select count(*) from samples")[0][0]
    assert lab.progress == [(number, 4) for number in range(1, 5)]


def test_nan_is_stored_as_an_observation_without_a_value(lab: Lab) -> None:
    report = lab.collect(BROKEN, windows=(hours(0, 1),))
    assert lab.rows("select count(*), count(value) from samples") == [(60, 60 - report.metrics[0].nan)]
    assert report.metrics[0].nan == 60, "evaluated on the minute, every second scrape is the last one"


def test_what_a_store_says_is_missing_makes_the_hours_partial(lab: Lab) -> None:
    lab.wire.always = faults.with_fields(warnings=["no store matched"])
    lab.collect(LOAD, windows=(hours(0, 1),))
    assert lab.rows(EXTRACTION) == [("load", at(0), "partial", None, "no store matched")]


def test_remarks_on_promql_are_noted_and_change_nothing(lab: Lab) -> None:
    info, warning = "PromQL info: metric might not be a counter", "PromQL warning: a quantile of nothing"
    lab.wire.always = faults.with_fields(infos=[info], warnings=[warning])
    lab.collect(LOAD, windows=(hours(0, 1),))
    assert lab.rows(EXTRACTION) == [("load", at(0), "ok", None, f"{warning}; {info}")]


def test_over_its_limit_a_metric_keeps_the_same_series_every_hour(lab: Lab) -> None:
    few = LOAD.model_copy(update={"max_series": 3})
    for hour in range(2):
        lab.collect(few, windows=(hours(hour, hour + 1),))
    assert lab.rows("select distinct status, notes from extraction") == [("truncated", f"{SERIES} series, 3 kept")]
    assert lab.rows("select hour(ts), count(distinct series_id) from samples group by all order by all") == [
        (0, 3),
        (1, 3),
    ]
    assert lab.rows("select distinct labels['n'] from series order by all") == [("00",), ("01",), ("02",)]


def test_an_hour_keeps_the_same_series_whatever_the_range(lab: Lab) -> None:
    """`late` appears in the third hour: only there is one series too many, and only there one is dropped."""
    query = 'label_replace(late, "n", "0", "", "") or sum by (n) (load{n=~"0[1-3]"})'
    few = LOAD.model_copy(update={"query": query, "max_series": 3})
    kept = (
        "select hour(ts), list_sort(list(distinct labels['n'])) from samples join series using (series_id) "
        "group by all order by all"
    )
    lab.collect(few)
    whole = lab.rows(kept)
    assert whole == [(0, ["01", "02", "03"]), (1, ["01", "02", "03"]), (2, ["0", "01", "02"]), (3, ["0", "01", "02"])]
    assert [row[2] for row in lab.rows(EXTRACTION)] == ["ok", "ok", "truncated", "truncated"]
    lab.collect(few, windows=(hours(1, 2), hours(3, 4)))
    assert lab.rows(kept) == whole


def test_the_buckets_of_a_histogram_count_as_one_series(lab: Lab) -> None:
    lab.collect(BUCKETS.model_copy(update={"max_series": 1}), windows=(hours(1, 2),))
    assert lab.rows("select distinct status from extraction") == [("ok",)]
    assert lab.rows("select count(distinct le) from buckets") == [(3,)]


def test_a_query_refused_as_too_large_is_split_into_pieces_that_meet(lab: Lab) -> None:
    lab.wire.always = faults.too_large_over(1500)
    lab.collect(LOAD)
    assert lab.rows("select count(*), count(distinct (series_id, ts)), min(ts), max(ts) from samples") == [
        (240 * SERIES, 240 * SERIES, at(0), at(HOURS) - timedelta(minutes=1))
    ]
    assert {status for _, _, status, *_ in lab.rows(EXTRACTION)} == {"ok"}
    pieces = lab.rows("select asked_start, asked_end from extraction order by 1")
    assert all(before[1] == after[0] for before, after in pairwise(pieces))


def test_a_step_that_alone_is_too_large_is_an_error_and_ends(lab: Lab) -> None:
    lab.wire.always = faults.too_large_over(-1)
    lab.collect(LOAD, windows=(hours(0, 1),), default_step_s=900)
    assert {status for _, _, status, *_ in lab.rows(EXTRACTION)} == {"error"}


def test_a_window_of_more_points_than_prometheus_answers_is_asked_for_in_pieces(lab: Lab) -> None:
    lab.collect(LATE, default_step_s=1)
    assert len(lab.wire.asked) > 1
    assert max((end - start) / step for start, end, step in lab.wire.asked) <= 11_000
    assert lab.rows("select count(*), count(distinct ts), min(ts), max(ts) from samples") == [
        (2 * 3600 - 7, 2 * 3600 - 7, at(2) + timedelta(seconds=7), at(4) - timedelta(seconds=1))
    ]


def test_an_answer_is_kept_within_the_bound_of_samples(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is held in memory does not grow with the range: pieces follow the series an answer had."""
    monkeypatch.setattr(plan, "MAX_SAMPLES", 60 * SERIES)
    lab.collect(LOAD.model_copy(update={"max_series": SERIES}))
    assert len(lab.wire.asked) == HOURS
    assert lab.rows("select count(*), count(distinct (series_id, ts)) from samples") == [(240 * SERIES, 240 * SERIES)]


def test_never_more_queries_at_once_than_allowed(lab: Lab) -> None:
    lab.wire.always = faults.slowly(0.02)
    many = [LOAD.model_copy(update={"name": f"load_{number}"}) for number in range(12)]
    lab.collect(*many, windows=(hours(0, 1),), concurrency=3)
    assert lab.wire.most_under_way == 3


def test_the_open_hour_is_asked_for_up_to_now_and_then_only_for_what_is_new(lab: Lab) -> None:
    first, second = T0 + timedelta(minutes=20), T0 + timedelta(minutes=32)
    lab.collect(LOAD, BUCKETS, windows=(hours(0, 1),), until=first)
    minutes = lab.rows("select metric, date_diff('minute', hour, max(asked_end)) from extraction group by metric, hour")
    assert sorted(minutes) == [("load", 21), ("took", 20)], "five minutes of buckets are known when they have ended"
    known = {
        (LOAD.name, LOAD.expr_hash, T0): T0 + 21 * MINUTE,
        (BUCKETS.name, BUCKETS.expr_hash, T0): T0 + 20 * MINUTE,
    }
    lab.wire.requests.clear()
    lab.collect(LOAD, BUCKETS, windows=(hours(0, 1),), until=second, resume=known)
    assert sorted(lab.wire.asked) == [
        (T0.timestamp() + 21 * 60, T0.timestamp() + 32 * 60, 60),
        (T0.timestamp() + 25 * 60, T0.timestamp() + 30 * 60, 300),
    ]
    assert lab.rows("select count(*), count(distinct (series_id, ts)), max(ts) from samples") == [
        (33 * SERIES, 33 * SERIES, at(0) + 32 * MINUTE)
    ]
    assert lab.rows("select count(distinct ts), max(ts) from buckets") == [(6, at(0) + timedelta(minutes=25))]


def test_another_expression_is_not_resumed(lab: Lab) -> None:
    known = {(LOAD.name, "another hash", T0): T0 + timedelta(minutes=50)}
    lab.collect(LOAD, windows=(hours(0, 1),), resume=known)
    assert lab.wire.asked[0][0] == T0.timestamp()


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (faults.status(200, b"<html>Log in</html>"), "web page instead of JSON"),
        (faults.damaged(200), "cut off or damaged"),
        (faults.status(401), "refused the credentials"),
        (faults.status(503), "HTTP 503"),
        (faults.reset, "cannot be reached"),
    ],
)
def test_a_fault_is_recorded_in_its_own_sentence_and_spares_the_neighbours(
    lab: Lab, fault: faults.Fault, said: str
) -> None:
    lab.wire.always = faults.only_for("late", fault)
    report = lab.collect(LOAD, LATE, windows=(hours(2, 3),))
    rows = {metric: (status, error) for metric, _, status, error, _ in lab.rows(EXTRACTION)}
    assert rows["load"] == ("ok", None)
    assert rows["late"][0] == "error"
    assert said in str(rows["late"][1])
    assert [failure.split(":")[0] for failure in report.failures] == ["late"]


def test_answers_with_white_space_are_read_as_well(lab: Lab) -> None:
    lab.wire.always = faults.spaced
    lab.collect(LOAD, windows=(hours(0, 1),))
    assert lab.rows("select count(*), count(value) from samples") == [(60 * SERIES, 60 * SERIES)]
