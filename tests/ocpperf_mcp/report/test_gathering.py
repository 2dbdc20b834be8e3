"""What a report says of a cluster: only closed hours, only what was measured, every number with its source."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from math import isclose
from pathlib import Path

import duckdb
import pytest

from ocpperf_assets.slots import write_turn
from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.contracts.windows import HOUR, Window
from ocpperf_mcp.report.asked import Asked, closed_hours, compared_with
from ocpperf_mcp.report.gather import gather, gather_fleet
from ocpperf_mcp.report.model import Report, Section, Table, Value
from ocpperf_mcp.report.reading import Reading
from ocpperf_mcp.report.registry import SectionSpec, built
from ocpperf_mcp.report.sections.alerts import alerts
from ocpperf_mcp.warehouse import open_published
from tests.conftest import copy_of
from tests.ocpperf_mcp.report.conftest import FAULTY, hours

HELD = Window(datetime(2026, 1, 1, 8, tzinfo=UTC), datetime(2026, 1, 1, 12, 30, tzinfo=UTC))


def section(report: Report, key: str) -> Section:
    (found,) = (one for one in report.sections if one.key == key)
    return found


def table(report: Report, key: str) -> Table:
    (found,) = (one for part in report.sections for one in part.tables if one.key == key)
    return found


def cells(report: Report, key: str, *columns: str) -> list[list[str]]:
    found = table(report, key)
    places = [[column.key for column in found.columns].index(name) for name in columns]
    return [[row[place].text for place in places] for row in found.rows]


def values(report: Report) -> Iterator[Value]:
    yield from (finding.observed for finding in report.findings)
    for part in report.sections:
        for one in part.tables:
            for row in one.rows:
                yield from row


def test_states_say_what_is_bad_what_is_well_and_what_is_not_known(faulty_hours: Report) -> None:
    states = {one.analyzer: one.state for one in faulty_hours.states}
    assert states == {"etcd": "critical", "network": "unknown", "ovnk": "healthy"}
    assert faulty_hours.state == "critical"


def test_what_only_the_open_hour_shows_is_left_out(faulty_hours: Report) -> None:
    assert [(one.rule, one.entity) for one in faulty_hours.findings] == [
        ("fsync-slow", "n1"),
        ("cpu-busy", "n1"),
        ("cpu-busy", "n3"),
    ]


def test_what_somebody_knows_of_comes_last_and_is_not_told_in_the_summary(faulty_hours: Report) -> None:
    last = faulty_hours.findings[-1]
    assert (last.acknowledged, last.acknowledged_because) == (True, "a *benchmark*")
    assert not [one for one in faulty_hours.summary if last.finding_id in one.findings]


def test_the_summary_answers_state_worst_change_cause_action_and_certainty_in_that_order(faulty_hours: Report) -> None:
    told = [one.about for one in faulty_hours.summary]
    assert told == ["state", "worst", "worst", "worst", "changed", "cause", "action", "certainty"]
    cause = next(one for one in faulty_hours.summary if one.about == "cause")
    assert "a slow disk" in cause.text
    assert "Rivals: too little CPU." in cause.text


def test_both_marks_stand_where_both_hold(faulty_hours: Report) -> None:
    marks = {row[2].text: row[4].marks for row in table(faulty_hours, "etcd_disk_wal_fsync").rows}
    assert marks == {"n1": ("critical", "top"), "n2": ()}


def test_an_objective_is_met_by_what_never_happened_and_not_evaluated_where_nothing_was_collected(
    faulty_hours: Report,
) -> None:
    assert cells(faulty_hours, "objectives", "metric", "verdict", "worst") == [
        ["WAL fsync", "missed", "1.987 s"],
        ["Failures", "not evaluated: the collection ended with: error", ""],
        ["CPU", "met", "73 %"],
        ["Losses", "met", "it has not happened"],
    ]


def test_every_number_of_a_metric_is_claimed_and_every_claim_has_its_expression(faulty_hours: Report) -> None:
    claims = {claim.claim_id: claim for claim in faulty_hours.claims}
    shown = [value for value in values(faulty_hours) if value.claim]
    assert {value.claim for value in shown} == set(claims)
    assert all(claims[value.claim or ""].value == value.number for value in shown)
    sources = {source.metric: source for source in faulty_hours.metrics}
    assert {claim.metric for claim in claims.values()} == set(sources)
    assert sources["busy"].expression == 'busy{job=~"a|b"}'
    assert all(claim.expr_hashes for claim in claims.values())


def test_figures_of_alerts_come_from_the_metric_of_alerts(faulty_hours: Report) -> None:
    claims = {claim.claim_id: claim for claim in faulty_hours.claims}
    (row,) = table(faulty_hours, "alerts").rows
    told = [claims[value.claim] for value in row if value.claim]
    assert [(one.statistic, one.value, one.unit) for one in told] == [
        ("time it fired", 60, "minutes"), ("beginnings", 1, "count"), ("most at once", 1, "count"),
    ]  # fmt: skip
    assert {(one.relation, one.metric, one.entity_kind, one.entity) for one in told} == {
        ("rpt_alert", "top_alerts", "alert", "Slow")
    }
    assert "top_alerts" in {source.metric for source in faulty_hours.metrics}


def test_claims_count_the_samples_of_their_own_window(faulty_hours: Report) -> None:
    counted = {
        (claim.window.name, claim.samples_found, claim.samples_expected)
        for claim in faulty_hours.claims
        if (claim.metric, claim.entity, claim.statistic) == ("busy", "n3", "mean")
    }
    assert counted == {("", 120, 120), ("previous", 120, 120)}


LEVELS = "select entity, part, level from window_level('c1', $t0, $t1, [$metric])"
QUANTILES = "select entity, '', p99 from entity_latency('c1', $t0, $t1, [$metric])"


@pytest.mark.parametrize(
    ("metric", "statistic", "query"),
    [("busy", "mean", LEVELS), ("carrier", "mean", LEVELS), ("fsync", "P99", QUANTILES)],
)
def test_levels_are_those_that_the_tools_and_comparisons_tell(
    faulty_hours: Report, con: duckdb.DuckDBPyConnection, metric: str, statistic: str, query: str
) -> None:
    """Levels come from hourly facts, those of tools from samples, five minutes and buckets."""
    t0, t1 = (moment.replace(tzinfo=None) for moment in (FAULTY.window.start, FAULTY.window.end))
    true = {row[:2]: row[2] for row in con.execute(query, {"t0": t0, "t1": t1, "metric": metric}).fetchall()}
    said = {
        (claim.entity, claim.part): claim.value or 0
        for claim in faulty_hours.claims
        if (claim.metric, claim.statistic, claim.window) == (metric, statistic, FAULTY.window)
    }
    assert said.keys() == true.keys()
    assert all(isclose(said[thing], true[thing], rel_tol=1e-9) for thing in true)


def test_a_chart_has_gaps_where_nothing_was_measured_and_the_comparison_beside_it(
    con: duckdb.DuckDBPyConnection,
) -> None:
    chart = next(one for one in gather(con, FAULTY).charts if one.metric == "busy")
    line = chart.lines[0]
    assert (chart.width_s, len(line.values), len(line.before)) == (300, 24, 24)
    assert line.label == "n1"
    assert chart.limit == 0.9
    late = gather(con, replace(FAULTY, window=hours(12, 14), against=None))
    assert all(one.lines[0].values[-1] is None for one in late.charts)


def test_one_analyzer_is_reported_alone(con: duckdb.DuckDBPyConnection) -> None:
    report = gather(con, replace(FAULTY, analyzer="network"))
    assert [one.analyzer for one in report.states] == ["network"]
    assert report.findings == ()
    assert "etcd" not in {one.key for one in report.sections}
    assert table(report, "network_l1_metrics").rows


def test_without_a_comparison_nothing_is_said_to_have_changed(con: duckdb.DuckDBPyConnection) -> None:
    report = gather(con, replace(FAULTY, against=None))
    assert "changes" not in {one.key for one in report.sections}
    assert not [one for one in report.summary if one.about == "changed"]


def test_a_cluster_without_data_is_unknown_and_never_healthy(con: duckdb.DuckDBPyConnection) -> None:
    report = gather(con, Asked("c2", hours(10, 12)))
    assert {one.state for one in report.states} == {report.state} == {"unknown"}
    assert report.summary[0].text == "The state is unknown: no closed hour of this window was collected."
    assert {verdict.partition(":")[0] for (verdict,) in cells(report, "objectives", "verdict")} == {"not evaluated"}
    assert report.claims == ()


@pytest.fixture(scope="module")
def fleet(case_home: Home) -> Report:
    with open_published(case_home) as con:
        return gather_fleet(con, [replace(FAULTY, cluster=name, against=None) for name in ("c1", "c2", "c3")])


def test_the_fleet_is_as_bad_as_its_worst_cluster(fleet: Report) -> None:
    """Of the calm one only the CPU was measured, and half of etcd's rules were judged: too little for health."""
    assert fleet.state == "critical"
    assert {one.cluster: one.state for one in fleet.states if one.analyzer == "etcd"} == {
        "c1": "critical",
        "c2": "unknown",
        "c3": "unknown",
    }
    assert {finding.cluster for finding in fleet.findings} == {"c1"}


def test_the_fleet_names_the_worst_cluster_of_each_watched_metric(fleet: Report) -> None:
    assert cells(fleet, "fleet", "metric", "cluster", "entity", "clusters") == [["CPU", "c1", "n1", "2"]]
    assert {source.cluster for source in fleet.metrics} == {"c1"}


def test_a_section_whose_table_an_older_warehouse_lacks_is_left_out(con: duckdb.DuckDBPyConnection) -> None:
    reading = Reading(con, "c1", FAULTY.window, None, None, top=3)
    known = [SectionSpec(alerts, needs=(needed,)) for needed in ("fct_alert_hourly", "rpt_alert", "fct_unheard_of")]
    assert [len(list(built(reading, (spec,)))) for spec in known] == [1, 1, 0]


def test_a_warehouse_that_an_older_ocpperf_published_is_said_to_be_one(case_home: Home, tmp_path: Path) -> None:
    older = copy_of(case_home, tmp_path)
    with write_turn(older, "older") as turn:
        turn.con.execute("drop macro table series_of")
        turn.changed_whole("schema_version")
    with open_published(older) as con, pytest.raises(OcpperfError) as fault:
        gather(con, FAULTY)
    assert "lacks what the report reads" in fault.value.what
    assert "ocpperf collect" in fault.value.next_step


def test_the_open_hour_is_cut_off(con: duckdb.DuckDBPyConnection) -> None:
    window = closed_hours(con, "c1", Window(HELD.end - 2 * HOUR, HELD.end))
    assert (window.start, window.end) == (hours(10, 12).start, hours(10, 12).end)


def test_a_window_of_the_open_hour_alone_is_refused_with_what_can_be_asked(con: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(OcpperfError) as fault:
        closed_hours(con, "c1", hours(12, 13).window)
    assert "2026-01-01T12:00Z" in fault.value.next_step


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("previous", hours(8, 10, "previous")),
        ("nothing", None),
        ("build-1", hours(10, 12, "build-1")),
        ("2026-01-01T08:30Z/1h", hours(8, 10)),
    ],
)
def test_a_comparison_is_named_typed_or_left_out(text: str, expected: object) -> None:
    assert compared_with(text, hours(10, 12).window, HELD, {"build-1": hours(10, 12).window}) == expected


def test_last_week_is_the_same_window_a_week_before() -> None:
    found = compared_with("last-week", hours(10, 12).window, HELD, {})
    assert found is not None
    assert found.start == datetime(2025, 12, 25, 10, tzinfo=UTC)


def test_before_the_first_hour_there_is_nothing_to_compare_with() -> None:
    assert compared_with("previous", hours(8, 12).window, HELD, {}) is None
