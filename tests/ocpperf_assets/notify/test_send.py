"""Sending is tried again where that is worth it, and says nothing that holds the address."""

import logging
from pathlib import Path

import pytest

from ocpperf_assets.notify.payloads import payload_of, written
from ocpperf_assets.notify.send import Patience, pause_s, send
from ocpperf_assets.notify.targets import Address
from ocpperf_assets.notify.template import templated
from ocpperf_mcp.contracts.errors import OcpperfError
from tests.doubles.webhooks import SECRET, Reply, Webhooks
from tests.ocpperf_assets.notify.made_up import episode, news, target

HASTY = Patience(attempts=3, timeout_s=5, backoff_s=0.01, longest_pause_s=0.01)
BODY = written(payload_of("webhook", news(), []))


def refusal(address: str) -> str:
    with pytest.raises(OcpperfError) as refused:
        send(target(), Address(address), BODY, HASTY)
    fault: BaseException | None = refused.value
    while fault is not None:
        assert SECRET not in f"{fault!r} {fault}"
        fault = fault.__cause__ or fault.__context__
    return refused.value.what


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_server_that_is_busy_is_asked_again(webhooks: Webhooks, status: int) -> None:
    webhooks.replies.extend([Reply(status, headers={"Retry-After": "1"}), Reply(status)])
    send(target(), Address(webhooks.address("webhook")), BODY, HASTY)
    assert (webhooks.asked, len(webhooks.taken)) == (3, 1)


@pytest.mark.parametrize(
    ("attempt", "asked_s", "least_s"), [(1, None, 1), (3, None, 4), (1, 7.0, 7), (1, 0.0, 0), (1, 3600.0, 60)]
)
def test_the_next_try_waits_as_long_as_the_server_asks_but_not_for_ever(
    attempt: int, asked_s: float | None, least_s: float
) -> None:
    assert least_s <= pause_s(attempt, asked_s, Patience()) <= least_s + 0.25


@pytest.mark.parametrize(
    ("reply", "times", "fault"),
    [
        (Reply(503, "<html>"), 3, "HTTP 503"),
        (Reply(404, "no_service"), 1, "HTTP 404, no_service"),
        (Reply(400, f"asked for /webhook/{SECRET}"), 1, "HTTP 400"),
        (Reply(302, headers={"Location": "https://login.example/"}), 1, "HTTP 302"),
        (Reply(304), 1, "HTTP 304"),
    ],
)
def test_what_was_not_taken_is_told_by_target_and_status(
    webhooks: Webhooks, reply: Reply, times: int, fault: str
) -> None:
    webhooks.replies.extend([reply] * times)
    assert refusal(webhooks.address("webhook")) == f"Target night-shift did not take the digest: {fault}."
    assert webhooks.asked == times


def test_nobody_there_is_told_without_the_address(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    assert refusal(f"http://127.0.0.1:9/{SECRET}").endswith("did not take the digest: it cannot be reached.")
    assert SECRET not in caplog.text


def test_a_template_of_ones_own_makes_the_json(tmp_path: Path) -> None:
    path = tmp_path / "own.j2"
    path.write_text('{"summary": {{ title | tojson }}, "first": {{ new[0].entity | tojson }}}')
    assert templated(path, news(episode(entity='"}')), []) == {"summary": "Findings on c1: 1 new", "first": '"}'}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('{"a": "{{ new[0].entity }}"}', "made no JSON object"),
        ("{{ nothing }}", "cannot be rendered: 'nothing' is undefined"),
        ("{% for %}", "cannot be rendered"),
        ("{{ ''.__class__.__mro__ }}", "cannot be rendered"),
        (None, "cannot be read"),
    ],
)
def test_a_template_at_fault_is_told_in_a_sentence(tmp_path: Path, text: str | None, sentence: str) -> None:
    path = tmp_path / "own.j2"
    if text is not None:
        path.write_text(text)
    with pytest.raises(OcpperfError, match=sentence):
        templated(path, news(episode(entity='"}')), [])
