"""One metric in every way, the catalogue, two windows."""

import pytest

from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.contracts.windows import Window, parse_moment
from ocpperf_mcp.tools.one_metric import resolution
from ocpperf_mcp.warehouse import open_published
from tests.ocpperf_mcp.tools.asking import ask, refusal, rows_of

SLOW = {"start_time": "2026-01-01T10:00Z", "end_time": "2026-01-01T11:00Z"}


def test_a_latency_by_role_is_the_p99_of_all_its_operations(home: Home) -> None:
    rows = rows_of(ask(home, "query_metric", metric="fsync", group_by="cluster", **SLOW), "groups")
    with open_published(home) as con:
        query = "from rpt_latency_merged('c1', timestamp '2026-01-01 10:00', timestamp '2026-01-01 11:00', 'cluster')"
        (merged,) = con.execute(f"select p99, observations from ({query})").fetchall()
    assert (rows[0]["p99"], rows[0]["observations"]) == (pytest.approx(merged[0], rel=5e-4), 2400)
    assert rows == rows_of(ask(home, "query_metric", metric="fsync_p99", group_by="cluster", **SLOW), "groups")


def test_a_level_by_role_is_averaged_and_summed(home: Home) -> None:
    rows = rows_of(ask(home, "query_metric", metric="fsync_rate", group_by="cluster", **SLOW), "groups")
    assert [(row["things"], row["mean"], row["sum"], row["worst"]) for row in rows] == [(2, 3.25, 6.5, "n2")]


def test_a_series_has_a_value_for_every_piece_and_null_where_there_was_none(home: Home) -> None:
    answer = ask(home, "query_metric", metric="patchy", points=6, **SLOW)
    (row,) = rows_of(answer, "series")
    assert row["values"] == [1, 1, None, None, 1, 1]
    assert "Values every 600 s from 2026-01-01T10:00Z on." in answer["notes"]


def test_the_highest_series_come_first(home: Home) -> None:
    answer = ask(home, "query_metric", metric="busy", points=4, top_n=1, **SLOW)
    assert [row["entity"] for row in rows_of(answer, "series")] == ["n1"]
    assert "The 1 highest of 2 series: see top_n." in answer["notes"]


@pytest.mark.parametrize(
    ("hours", "points", "least_s", "width_s"),
    [(1, 300, 60, 60), (1, 12, 60, 300), (24, 300, 60, 300), (1, 300, 300, 300), (24 * 365, 300, 60, 172800)],
)
def test_the_resolution_fits_the_points_into_the_window(hours: int, points: int, least_s: int, width_s: int) -> None:
    start = parse_moment("2026-01-01T00:00Z")
    window = Window(start, start + (parse_moment("2026-01-01T01:00Z") - start) * hours)
    assert resolution(window, points, least_s) == width_s
    assert window.duration.total_seconds() / width_s <= points


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"metric": "fsynk"}, "The catalogue has no metric 'fsynk'. Did you mean 'fsync'? See list_metrics."),
        ({}, "The parameter metric cannot be used: field required. metric: a name from list_metrics."),
        ({"metric": "fsync", "points": 301}, "The parameter points cannot be used: input should be less than or equal"),
        ({"metric": "fsync", "group_by": "node"}, "Latencies are merged by role or cluster."),
        ({"metric": "fsync", "group_by": "role", "points": 3}, "A series is of each entity."),
        ({"metric": "fsync", "group_by": "role", "role": "worker"}, "A group is made of all its things."),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_of_a_metric_is_refused(home: Home, arguments: dict[str, object], words: str) -> None:
    assert refusal(home, "query_metric", **arguments).startswith(words)


def test_the_catalogue_is_searched_in_names_titles_and_descriptions(home: Home) -> None:
    assert [row["metric"] for row in rows_of(ask(home, "list_metrics", search="wal FSYNC p99"), "catalogue")] == [
        "fsync_p99"
    ]
    assert {row["domain"] for row in rows_of(ask(home, "list_metrics", domain="net"), "catalogue")} == {"net"}
    assert ask(home, "list_metrics", search="nothing like it")["notes"] == ["0 metrics."]
    assert refusal(home, "list_metrics", domain="nett") == "There is no domain 'nett'. Did you mean 'net'?"


def test_a_window_is_compared_with_the_one_before_or_a_named_one(home: Home) -> None:
    answer = ask(home, "compare_windows", **SLOW)
    changes = {(row["metric"], row["entity"]): row["change"] for row in rows_of(answer, "changes")}
    assert changes == {("busy", "n1"): "worse", ("fsync", "n1"): "worse", ("fsync_rate", "n1"): "changed"}
    assert answer["notes"][0].startswith("Baseline: 2026-01-01T09:00Z/2026-01-01T10:00Z. 2 worse, 1 changed")
    named = ask(
        home, "compare_windows", baseline="build-1", start_time="2026-01-01T08:00Z", end_time="2026-01-01T09:00Z"
    )
    assert {row["change"] for row in rows_of(named, "changes")} == {"better", "changed"}
    assert "is no window and no run's name" in refusal(home, "compare_windows", baseline="build-9")


def test_findings_say_what_was_judged_where_none_fired(home: Home) -> None:
    assert [row["rule"] for row in rows_of(ask(home, "get_findings"), "fired")] == ["cpu-busy"]
    none = ask(home, "get_findings", severity="critical")
    assert none["notes"] == ["No rule fired that was asked for. get_coverage says what there was to judge."]
    assert refusal(home, "get_findings", rule="cpu-bussy") == "There is no rule 'cpu-bussy'. Did you mean 'cpu-busy'?"
    assert refusal(home, "get_findings", finding_id="0").startswith("Cluster c1 has no finding '0'.")


def test_a_rule_that_could_not_be_judged_is_listed_beside_the_findings(home: Home) -> None:
    answer = ask(home, "get_etcd_bottleneck_analysis", start_time="2026-01-01T08:00Z", end_time="2026-01-01T09:00Z")
    assert rows_of(answer, "not_evaluated") == [
        {"rule": "failing", "metric": "failed", "reason": "its collection failed", "hours": 1, "of_hours": 1}
    ]
    assert answer["notes"][0].startswith("No rule fired. 1 rules could not be judged")


def test_coverage_counts_what_failed(home: Home) -> None:
    answer = ask(home, "get_coverage", **SLOW)
    lacking = {row["metric"]: row["absence"] for row in rows_of(answer, "lacking")}
    assert lacking == {"failed": "the collection ended with: error", "patchy": None}
