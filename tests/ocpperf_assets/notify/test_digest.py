"""What is news, and what is remembered once it was told."""

import pytest

from ocpperf_assets.notify.digest import compare, concerning
from ocpperf_assets.notify.memory import Told
from tests.ocpperf_assets.notify.made_up import episode

ENDED = {"open": False, "ended": True}
SILENT = {"open": False, "ended": False}


def remembered(name: str, severity: str = "warning") -> Told:
    return Told.model_validate({"ids": (name,), "severity": severity})


def test_what_goes_on_and_was_not_told_is_new_and_told_once() -> None:
    digest, memory = compare((), [episode(1)], "warning")
    assert [one.entity for one in digest.new] == ["n1"]
    again, kept = compare(memory, [episode(1)], "warning")
    assert not again
    assert kept == memory


@pytest.mark.parametrize(
    "more",
    [{"severity": "info"}, {"acknowledged": True}, SILENT],
    ids=["milder than is told", "somebody knows of it", "over before it was told"],
)
def test_what_is_no_news_is_not_remembered_either(more: dict[str, object]) -> None:
    digest, memory = compare((), [episode(0, **more)], "warning")
    assert not digest
    assert memory == ()


def test_a_worse_severity_is_told_once_and_a_milder_one_never() -> None:
    _, memory = compare((), [episode()], "warning")
    digest, memory = compare(memory, [episode(severity="critical")], "warning")
    assert [(one.episode.severity, one.was) for one in digest.worsened] == [("critical", "warning")]
    milder, memory = compare(memory, [episode(severity="warning")], "warning")
    assert not milder
    assert not compare(memory, [episode(severity="critical")], "warning")[0], "it was told to be critical"


def test_what_was_told_and_judged_to_be_silent_is_over_once() -> None:
    _, memory = compare((), [episode()], "warning")
    digest, memory = compare(memory, [episode(**ENDED)], "warning")
    assert [one.entity for one in digest.resolved] == ["n0"]
    assert memory == ()
    assert not compare(memory, [episode(**ENDED)], "warning")[0]


def test_what_is_not_measured_any_more_is_not_over() -> None:
    _, memory = compare((), [episode()], "warning")
    digest, kept = compare(memory, [episode(**SILENT)], "warning")
    assert not digest
    assert kept == memory


def test_what_left_the_warehouse_is_forgotten_without_a_word() -> None:
    digest, memory = compare([remembered("f0")], [], "warning")
    assert not digest
    assert memory == ()


def test_it_is_the_same_after_backfill_moved_its_start_back_or_forth() -> None:
    _, memory = compare((), [episode(finding_id="b", aliases=("c",))], "warning")
    digest, memory = compare(memory, [episode(finding_id="a", aliases=("b", "c"))], "warning")
    assert not digest
    digest, memory = compare(memory, [episode(finding_id="c")], "warning")
    assert not digest
    assert [one.ids for one in memory] == [("c",)]


def test_an_episode_that_fell_apart_is_over_only_when_all_of_it_is() -> None:
    _, memory = compare((), [episode(finding_id="a", aliases=("b", "c"))], "warning")
    first, rest = episode(finding_id="a", **ENDED), episode(finding_id="c")
    digest, memory = compare(memory, [first, rest], "warning")
    assert not digest
    assert [one.ids for one in memory] == [("c",)]


def test_what_somebody_came_to_know_of_is_over_without_a_word_and_news_when_it_is_worse() -> None:
    _, memory = compare((), [episode()], "warning")
    known, kept = compare(memory, [episode(acknowledged=True)], "warning")
    assert not known
    assert kept == memory
    assert compare(kept, [episode(severity="critical")], "warning")[0].worsened
    assert compare(kept, [episode(acknowledged=True, **ENDED)], "warning") == (compare((), [], "warning")[0], ())


def test_a_target_is_told_of_its_clusters() -> None:
    episodes = [episode(1, cluster="c1"), episode(2, cluster="c2")]
    assert [one.cluster for one in concerning(episodes, ("c2",))] == ["c2"]
    assert len(concerning(episodes, ())) == 2
