"""Silence reaches the channels though nothing is published any more, and so does its end."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from ocpperf_assets.notify import sensor
from ocpperf_assets.notify.digest import Digest
from ocpperf_assets.notify.payloads import payload_of, written
from ocpperf_assets.notify.send import send
from ocpperf_assets.notify.silence import LastHeard, SpeakingAgain
from ocpperf_assets.notify.targets import Address
from ocpperf_assets.notify.template import templated
from ocpperf_assets.settings import Settings
from tests.doubles.webhooks import Reply, Webhooks
from tests.ocpperf_assets.notify.made_up import episode, target
from tests.ocpperf_assets.notify.telling import HASTY, Configure, Publish, look, run_keys, tell

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
"""When the last closed hour of what is published first ends."""
SOON, STALE, LATE = (NOON + timedelta(hours=hours) for hours in (1, 3, 3.5))
SILENT = LastHeard(cluster="c1", last_heard=NOON, ever_collected=True)
NEVER = LastHeard(cluster="c2", last_heard=NOON, ever_collected=False)
AGAIN = SpeakingAgain(cluster="c3", silent_since=NOON, last_heard=LATE)
EVERYTHING = Digest(silent=(SILENT, NEVER), speaking_again=(AGAIN,))


@pytest.fixture(autouse=True)
def _silence_is_told(configure: Configure, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OCPPERF_NOTIFY_STALE", "3h")


def told(webhooks: Webhooks) -> list[tuple[list[str], list[str]]]:
    """Of each digest: the clusters that are silent, and those that speak again."""
    return [
        ([one["cluster"] for one in payload["silent"]], [one["cluster"] for one in payload["speaking_again"]])
        for payload in webhooks.taken
    ]


def test_it_is_told_once_and_once_more_when_data_comes_again_over_restarts(
    publish: Publish, webhooks: Webhooks
) -> None:
    publish("calm")
    states = [tell(moment) for moment in (SOON, STALE, LATE)]
    publish("calm again")
    states += [tell(LATE), tell(LATE)]
    assert states == [["nothing new"], ["told"], ["nothing new"], ["told"], ["nothing new"]]
    assert told(webhooks) == [(["c1"], []), ([], ["c1"])]


def test_whatever_severity_a_target_asks_for_but_of_its_clusters_alone(
    publish: Publish, configure: Configure, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure({"severity": "critical"}, {"clusters": ["c1"]}, {"clusters": ["c2"]}, {"kind": "slack"})
    monkeypatch.setenv("OCPPERF_NOTIFY_STALE", "3h")
    publish("calm")
    assert tell(STALE) == ["told", "told", "nothing new", "told"]


def test_in_quiet_hours_it_waits_and_is_not_told_where_it_ended_in_them(
    publish: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OCPPERF_NOTIFY_QUIET", "14:00-15:20")
    publish("calm")
    assert tell(STALE) == ["quiet"]
    publish("calm again")
    assert tell(LATE) == ["nothing new"]


def test_one_that_was_removed_from_the_configuration_is_not_silent(publish: Publish, tmp_path: Path) -> None:
    publish("calm")
    kept = "clusters:\n- {name: c2, prometheus_url: 'http://c2.example:9090'}\n"
    (tmp_path / "clusters.yaml").write_text(kept, encoding="utf-8")
    assert tell(STALE) == ["nothing new"]


def test_a_silence_that_a_target_did_not_take_is_told_later(publish: Publish, webhooks: Webhooks) -> None:
    publish("calm")
    webhooks.replies.extend([Reply(503)] * HASTY.attempts)
    assert [tell(STALE), tell(LATE), tell(LATE)] == [["failed"], ["told"], ["nothing new"]]


def test_the_sensor_looks_at_the_moment_at_which_a_cluster_falls_silent_though_nothing_is_published(
    publish: Publish,
) -> None:
    publish("calm")
    before = look(None, STALE - timedelta(minutes=20))
    assert run_keys(before) == []
    early = sensor.look(before.cursor, Settings(), STALE - timedelta(minutes=1))
    assert isinstance(early, dg.SkipReason), "a look that costs no more than the published version"
    assert run_keys(look(before.cursor, STALE)) == [None]


def sent(webhooks: Webhooks, kind: str, digest: Digest) -> dict[str, Any]:
    send(target(kind), Address(webhooks.address(kind)), written(payload_of(kind, digest, [])))
    return webhooks.taken[-1]


@pytest.mark.parametrize("kind", ["slack", "teams"])
def test_channels_say_since_when_and_what_that_means(webhooks: Webhooks, kind: str) -> None:
    text = json.dumps(sent(webhooks, kind, EVERYTHING))
    for words in (
        "Collection of c1, c2, c3: 2 silent, 1 speaking again",
        "silent: c1",
        "no complete hour since 2026-01-01 12:00 UTC; findings are as of then, nothing is known since",
        "no complete hour since it was configured at 2026-01-01 12:00 UTC; nothing is known of it",
        "speaking again: c3",
        "collected up to 2026-01-01 15:30 UTC, after silence since 2026-01-01 12:00 UTC",
    ):
        assert words in text
    assert text.index("Silent") < text.index("Speaking again")


@pytest.mark.parametrize("kind", ["slack", "teams"])
def test_beside_findings_silence_comes_first(webhooks: Webhooks, kind: str) -> None:
    text = json.dumps(sent(webhooks, kind, Digest(new=(episode(),), silent=(SILENT,))))
    assert "Findings on c1: 1 new, 1 silent" in text
    assert text.index("silent: c1") < text.index("warning: cpu-busy on n0")


def test_programs_get_the_moments(webhooks: Webhooks) -> None:
    payload = sent(webhooks, "webhook", EVERYTHING)
    assert payload["silent"][0] == {"cluster": "c1", "last_heard": "2026-01-01T12:00:00Z", "ever_collected": True}
    assert payload["speaking_again"] == [
        {"cluster": "c3", "silent_since": "2026-01-01T12:00:00Z", "last_heard": "2026-01-01T15:30:00Z"}
    ]


def test_a_template_is_given_both(tmp_path: Path) -> None:
    path = tmp_path / "own.j2"
    path.write_text('{"silent": {{ silent[0].cluster | tojson }}, "again": {{ speaking_again[0].cluster | tojson }}}')
    assert templated(path, EVERYTHING, []) == {"silent": "c1", "again": "c3"}
