"""Findings and expectations written by hand, and what they are worth."""

from collections.abc import Sequence
from datetime import timedelta

from benchmarks.scorecard.score import Expected, Finding, Score, Verdict, score_run

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
DISK = Expected("disk", "fsync-slow", "master-1", 30 * HOUR, 31 * HOUR)


def finding(
    rule: str = "fsync-slow",
    entity: str = "master-1",
    start: timedelta = 30 * HOUR,
    severity: str = "warning",
    shown_by: Sequence[Finding] = (),
) -> Finding:
    ties = frozenset(one.finding_id for one in shown_by)
    return Finding(f"{rule}/{entity}/{start}", rule, entity, severity, start, start + HOUR, ties)


def verdicts(score: Score) -> list[Verdict]:
    return [one.verdict for one in score.judged]


def shares(score: Score) -> tuple[float | None, float | None, float | None]:
    return score.precision, score.recall, score.right_entity


def test_a_hit_counts_in_all_three_shares() -> None:
    score = score_run("run", [DISK], [finding(start=30 * HOUR + 2 * MINUTE)])
    assert verdicts(score) == ["expected"]
    assert shares(score) == (1, 1, 1)
    assert score.median_delay == score.worst_delay == 2 * MINUTE


def test_a_miss_lowers_recall_alone() -> None:
    score = score_run("run", [DISK], [])
    assert shares(score) == (None, 0, None)
    assert score.median_delay is None
    assert [one.expected for one in score.answered if one.found is None] == [DISK]


def test_the_rule_on_another_entity_is_false_and_the_wrong_entity() -> None:
    stray = finding(entity="master-0")
    score = score_run("run", [DISK], [stray])
    assert verdicts(score) == ["false"]
    assert shares(score) == (0, 0, 0)
    assert score.answered[0].elsewhere == (stray,)


def test_the_rule_on_another_expected_entity_is_no_wrong_entity() -> None:
    other = Expected("disk", "fsync-slow", "master-2", DISK.start, DISK.end)
    score = score_run("run", [DISK, other], [finding(entity="master-2")])
    assert shares(score) == (1, 0.5, 1)


def test_a_false_alarm_lowers_precision_alone() -> None:
    score = score_run("run", [DISK], [finding(), finding("cpu-busy", "worker-0", 3 * HOUR, "critical")])
    assert verdicts(score) == ["expected", "false"]
    assert shares(score) == (0.5, 1, 1)


def test_an_info_is_nobodys_false_alarm_and_meets_an_expectation() -> None:
    noise = finding("cpu-busy", "worker-0", severity="info")
    score = score_run("run", [DISK], [noise, finding(severity="info")])
    assert verdicts(score) == []
    assert shares(score) == (None, 1, 1)


def test_a_symptom_is_explained_by_what_shows_its_cause() -> None:
    cause = finding()
    score = score_run("run", [DISK], [cause, finding("apply-slow", shown_by=[cause])])
    assert verdicts(score) == ["expected", "explained"]
    assert shares(score) == (1, 1, 1)


def test_a_symptom_of_something_false_or_of_another_hour_is_false() -> None:
    cause, noise = finding(), finding("cpu-busy", "worker-0")
    symptoms = [finding("apply-slow", shown_by=[noise]), finding("apply-slow", start=33 * HOUR, shown_by=[cause])]
    assert verdicts(score_run("run", [DISK], [cause, noise, *symptoms])) == ["expected", "false", "false", "false"]


def test_two_faults_at_once_are_told_apart_by_entity() -> None:
    cpu = Expected("cpu", "cpu-busy", "worker-0", 30 * HOUR, 32 * HOUR)
    disk, busy = finding(), finding("cpu-busy", "worker-0")
    swapped = finding("cpu-busy", "master-1")
    assert shares(score_run("run", [DISK, cpu], [disk, busy])) == (1, 1, 1)
    score = score_run("run", [DISK, cpu], [disk, swapped])
    assert shares(score) == (0.5, 0.5, 0.5)
    assert [one.expected.scenario for one in score.answered if one.elsewhere] == ["cpu"]


def test_a_symptom_is_explained_only_while_the_scenario_of_its_cause_holds() -> None:
    cpu = Expected("cpu", "cpu-busy", "worker-0", 32 * HOUR, 33 * HOUR)
    disk, busy = finding(), finding("cpu-busy", "worker-0", 32 * HOUR)
    late = finding("apply-slow", start=32 * HOUR, shown_by=[disk])
    assert verdicts(score_run("run", [DISK, cpu], [disk, busy, late])) == ["expected", "expected", "false"]


def test_a_late_detection_is_found_and_named() -> None:
    score = score_run("run", [DISK], [finding(start=DISK.start + 25 * MINUTE)])
    assert shares(score) == (1, 1, 1)
    assert score.worst_delay == 25 * MINUTE
    assert [one.is_off for one in score.answered] == [True]


def test_delay_counts_from_when_a_finding_is_due() -> None:
    growth = Expected("growth", "filling", "master-0", 30 * HOUR, 35 * HOUR, begins=3 * HOUR)
    early, timely = finding("filling", "master-0", 32 * HOUR), finding("filling", "master-0", 33 * HOUR - 4 * MINUTE)
    (answered,) = score_run("run", [growth], [timely]).answered
    assert (answered.delay, answered.is_off) == (-4 * MINUTE, False)
    (answered,) = score_run("run", [growth], [early, timely]).answered
    assert (answered.delay, answered.is_off) == (-1 * HOUR, True)


def test_what_was_there_before_its_scenario_is_not_its_doing() -> None:
    score = score_run("run", [DISK], [finding(start=DISK.start - 11 * MINUTE)])
    assert shares(score) == (0, 0, None)


def test_what_begins_after_the_scenario_is_not_its_doing() -> None:
    score = score_run("run", [DISK], [finding(start=DISK.end + 11 * MINUTE)])
    assert shares(score) == (0, 0, None)


def test_scores_of_runs_add_up_and_are_taken_apart_by_rule() -> None:
    both = score_run("one", [DISK], [finding()]) + score_run("two", [DISK], [finding("cpu-busy", "worker-0")])
    assert shares(both) == (0.5, 0.5, 1)
    assert both.rules == ["cpu-busy", "fsync-slow"]
    assert shares(both.of(lambda rule: rule == "cpu-busy")) == (0, None, None)
    assert shares(both.of(lambda rule: rule == "fsync-slow")) == (1, 0.5, 1)


def test_delays_have_a_median_and_a_worst() -> None:
    runs = [score_run("run", [DISK], [finding(start=DISK.start + late * MINUTE)]) for late in (7, -3, 1, 2)]
    odd, even = sum(runs[:3], Score()), sum(runs, Score())
    assert (odd.median_delay, odd.worst_delay) == (1 * MINUTE, 7 * MINUTE)
    assert (even.median_delay, even.worst_delay) == (1.5 * MINUTE, 7 * MINUTE)
