"""A target that is down is tried after growing pauses, and told everything that is news once it is back."""

import json
from datetime import timedelta

import dagster as dg
import pytest

from ocpperf_assets.notify import sensor
from ocpperf_assets.notify.backoff import after_failure
from ocpperf_assets.notify.memory import Memory, Pause, read_memory
from ocpperf_assets.settings import Settings
from tests.doubles.webhooks import Reply, Webhooks
from tests.ocpperf_assets.notify.telling import (
    HASTY,
    NOON,
    Publish,
    look,
    ocpperf_notify,
    outcomes,
    run_keys,
    tell,
)  # fmt: skip

MINUTE = timedelta(minutes=1)
PUBLISHED = None
"""The cursor with which a version is looked at as one that was just published."""


def down(webhooks: Webhooks, tries: int = 1) -> None:
    webhooks.replies.extend([Reply(503)] * tries * HASTY.attempts)


def kept() -> Memory:
    return read_memory(Settings().paths, "t0")


def test_each_failure_is_followed_by_a_longer_pause_up_to_four_hours() -> None:
    pause, now, waited = None, NOON, []
    for _ in range(6):
        pause = after_failure(pause, now)
        waited.append((pause.until - now) / MINUTE)
        now = pause.until
    assert waited == [5, 15, 60, 240, 240, 240]


def test_a_try_before_its_end_makes_a_pause_no_longer() -> None:
    pause = after_failure(None, NOON)
    assert after_failure(pause, NOON + MINUTE) == pause


@pytest.mark.usefixtures("configure")
def test_a_publication_does_not_make_a_target_due_earlier(publish: Publish, webhooks: Webhooks) -> None:
    publish("busy")
    down(webhooks)
    assert tell(NOON) == ["failed"]
    publish("busier")
    assert tell(NOON + 4 * MINUTE) == ["paused"]
    assert webhooks.asked == HASTY.attempts
    assert tell(NOON + 5 * MINUTE) == ["told"]
    assert [len(payload["new"]) for payload in webhooks.taken] == [1]
    assert kept().pause is None


@pytest.mark.usefixtures("configure")
def test_who_is_back_is_told_what_is_news_then_and_once(publish: Publish, webhooks: Webhooks) -> None:
    publish("busy")
    assert tell(NOON) == ["told"]
    publish("busier")
    down(webhooks)
    assert tell(NOON + MINUTE) == ["failed"]
    publish("over")
    later = NOON + 10 * MINUTE
    assert [tell(later), tell(later)] == [["told"], ["nothing new"]]
    assert [len(webhooks.taken[-1][name]) for name in ("new", "worsened", "resolved")] == [0, 0, 1]


@pytest.mark.usefixtures("configure")
def test_a_pause_ends_with_the_news_that_could_not_be_told(publish: Publish, webhooks: Webhooks) -> None:
    publish("busy")
    down(webhooks)
    assert tell(NOON) == ["failed"]
    publish("over")
    assert tell(NOON + MINUTE) == ["nothing new"]
    assert kept() == Memory()


@pytest.mark.usefixtures("configure")
def test_the_command_tries_at_once_and_says_when_a_failed_target_is_due(publish: Publish, webhooks: Webhooks) -> None:
    publish("busy")
    webhooks.replies.extend([Reply(404), Reply(404)])
    (failed,) = outcomes(NOON)
    assert failed.pause == Pause(failures=1, until=NOON + 5 * MINUTE)
    again = ocpperf_notify()
    assert again.exit_code == 3
    assert "did not take the digest: HTTP 404." in again.output
    assert "It is not tried of itself before " in again.output
    assert ocpperf_notify().output == "t0: 1 new; told.\n"


@pytest.mark.usefixtures("configure")
def test_of_many_publications_only_those_after_a_pause_bring_a_run(publish: Publish, webhooks: Webhooks) -> None:
    publish("busy")
    down(webhooks, 2)
    asked = []
    for minute in range(0, 60, 5):
        now = NOON + minute * MINUTE
        if run_keys(look(PUBLISHED, now)):
            asked.append((minute, *tell(now)))
    assert asked == [(0, "failed"), (5, "failed"), (20, "told")]


@pytest.mark.usefixtures("configure")
def test_the_sensor_looks_again_at_the_end_of_a_pause_though_nothing_was_published(
    publish: Publish, webhooks: Webhooks
) -> None:
    publish("busy")
    asked = look(PUBLISHED, NOON)
    down(webhooks, 2)
    assert tell(NOON) == ["failed"]
    due = look(asked.cursor, NOON + 5 * MINUTE)
    assert run_keys(due) == [None]
    assert tell(NOON + 5 * MINUTE) == ["failed"]
    waits = look(due.cursor, NOON + 10 * MINUTE)
    assert waits.skip_reason
    assert waits.skip_reason.skip_message == (
        "t0: 1 new; it failed before and is not tried before 2026-01-01 12:25 UTC."
    )
    assert isinstance(sensor.look(waits.cursor, Settings(), NOON + 19 * MINUTE), dg.SkipReason)
    assert run_keys(look(waits.cursor, NOON + 20 * MINUTE)) == [None]


@pytest.mark.usefixtures("configure")
def test_the_file_of_an_older_version_is_read(publish: Publish) -> None:
    publish("busy")
    assert tell() == ["told"]
    path = Settings().paths.state / "notified" / "t0.json"
    rows = json.loads(path.read_text(encoding="utf-8"))
    assert [set(row) for row in rows] == [{"ids", "severity"}], "as it always was"
    assert tell() == ["nothing new"]
