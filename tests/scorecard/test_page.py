"""The page says what failed by name, and the goals what was missed."""

from datetime import timedelta

import pytest

from benchmarks.scorecard.page import Card, Quiet, render
from benchmarks.scorecard.score import Expected, Finding, Score, score_run

HOUR = timedelta(hours=1)
DISK = Expected("slow", "fsync-slow", "master-1", 30 * HOUR, 31 * HOUR)
HIT = Finding("1", "fsync-slow", "master-1", "warning", 30 * HOUR, 31 * HOUR)
STRAY = Finding("2", "cpu-busy", "worker-0", "critical", 3 * HOUR, 4 * HOUR)
INFO = Finding("3", "cpu-busy", "worker-0", "info", 3 * HOUR, 4 * HOUR)
FAMILIES = {"fsync-slow": "etcd", "cpu-busy": "node"}


def card(score: Score, *quiet: Quiet) -> Card:
    return Card(score, quiet, FAMILIES, ("- scenarios (1): slow",))


def missed(of: Card) -> list[str]:
    return [goal.name for goal in of.goals() if goal.kept is False]


def test_a_perfect_run_keeps_every_goal_and_lists_nothing() -> None:
    perfect = card(score_run("seed 2", [DISK], [HIT]), Quiet("seed 102", (INFO,)))
    assert perfect.is_good
    page = render(perfect)
    assert page.count("\nNone.\n") == 3
    assert "| seed 102 | 0 | 0 | 1 |" in page
    assert "| etcd | 1 | 0 | 0 | 1.000 | 1 of 1 | 1.000 | 1.000 | +0.0 min | +0.0 min |" in page


def test_what_was_not_measured_is_neither_kept_nor_missed() -> None:
    assert {(goal.measured, goal.kept) for goal in card(Score()).goals()} == {("not measured", None)}
    assert card(Score()).is_good


@pytest.mark.parametrize(
    ("bad", "goals", "line"),
    [
        (
            card(score_run("seed 2", [DISK], [])),
            ["recall"],
            "- seed 2: `fsync-slow` on master-1 of slow, 30:00 to 31:00",
        ),
        (
            card(score_run("seed 2", [DISK], [HIT, STRAY])),
            ["precision"],
            "- seed 2: critical `cpu-busy` on worker-0, 3:00 to 4:00",
        ),
        (
            card(Score(), Quiet("seed 102", (STRAY, INFO))),
            ["critical findings on quiet clusters"],
            "- seed 102: critical `cpu-busy` on worker-0, 3:00 to 4:00",
        ),
    ],
)
def test_what_fails_is_named(bad: Card, goals: list[str], line: str) -> None:
    assert missed(bad) == goals
    assert not bad.is_good
    assert f"\n{line}\n" in render(bad)
    assert render(bad).count("**missed**") == len(goals)


def test_a_rule_on_another_entity_is_named_beside_the_miss() -> None:
    stray = Finding("4", "fsync-slow", "master-0", "warning", 30 * HOUR, 31 * HOUR)
    wrong = card(score_run("seed 2", [DISK], [stray]))
    assert missed(wrong) == ["precision", "recall", "right entity"]
    assert "of slow, 30:00 to 31:00; found on master-0\n" in render(wrong)


def test_a_late_one_is_named_and_misses_no_goal() -> None:
    late = Finding("5", "fsync-slow", "master-1", "warning", 30 * HOUR + HOUR / 2, 31 * HOUR)
    page = card(score_run("seed 2", [DISK], [late]))
    assert page.is_good
    assert "- seed 2: `fsync-slow` on master-1 of slow, +30.0 min\n" in render(page)


def test_a_rule_that_does_not_exist_is_said_to() -> None:
    unknown = Expected("slow", "no-rule", "master-1", 30 * HOUR, 31 * HOUR)
    assert "| (no such rule) | 0 | 0 | 0 |  | 0 of 1 | 0.000 |" in render(card(score_run("seed 2", [unknown], [])))
