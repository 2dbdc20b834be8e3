"""What is said of the connection, the server, its clock and its history, and how bad each is."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from ocpperf_assets.doctor.history import History
from ocpperf_assets.doctor.line import Level
from ocpperf_assets.doctor.server import Reached
from ocpperf_assets.doctor.server_verdict import of_clock, of_history, of_identity, of_tls, of_token
from ocpperf_assets.endpoint import endpoint
from ocpperf_assets.promql import Endpoint
from ocpperf_assets.promql.identity import Identity
from ocpperf_assets.promql.tokens import GivenToken
from ocpperf_assets.settings import Settings
from tests.ocpperf_assets.doctor.conftest import TOKEN

DAY = 86_400.0
NOW = 1_767_225_600.0
"""2026-01-01T00:00:00Z in Unix seconds."""
SECRET = SecretStr(TOKEN)
UNKNOWN = Identity("", "", "")


@pytest.mark.parametrize(
    ("endpoint", "level", "said"),
    [
        (Endpoint("http://host"), Level.OK, "No TLS"),
        (Endpoint("http://host", tokens=GivenToken(SECRET)), Level.WARNING, "The token is sent without TLS."),
        (Endpoint("https://host", tokens=GivenToken(SECRET)), Level.OK, "verified, by the CAs of the system."),
        (Endpoint("https://host", ca=Path("/ca.pem")), Level.OK, "verified, by /ca.pem."),
        (Endpoint("https://host", insecure=True), Level.WARNING, "not verified (OCPPERF_INSECURE_TLS)"),
    ],
)
def test_who_could_read_the_token_is_told(endpoint: Endpoint, level: Level, said: str) -> None:
    line = of_tls(endpoint)
    assert line.level is level
    assert said in line.sentence


@pytest.mark.parametrize(
    ("settings", "level", "said"),
    [
        ({}, Level.OK, "No token is set"),
        ({"prometheus_token_file": "/lab.token"}, Level.OK, "The token in /lab.token is accepted."),
        ({"prometheus_token": TOKEN, "prometheus_token_file": "/t"}, Level.WARNING, "the file is not read"),
    ],
)
def test_where_the_token_comes_from_is_told(settings: dict[str, Any], level: Level, said: str) -> None:
    known = Settings(prometheus_url="http://host", **settings)
    line = of_token(endpoint(known), known)
    assert line.level is level
    assert said in line.sentence


@pytest.mark.parametrize(
    ("ahead_s", "level", "said"),
    [
        (5.0, Level.OK, "agree"),
        (5.5, Level.WARNING, "6 s ahead of"),
        (-90.0, Level.WARNING, "90 s behind"),
        (None, Level.WARNING, "no date"),
    ],
)
def test_clocks_may_differ_by_five_seconds(ahead_s: float | None, level: Level, said: str) -> None:
    line = of_clock(Reached(0.1, ahead_s))
    assert line.level is level
    assert said in line.sentence


def test_an_unknown_server_is_no_fault() -> None:
    assert of_identity(UNKNOWN).level is Level.WARNING


@pytest.mark.parametrize(
    ("days", "level", "length"), [(1.5, Level.WARNING, "36.0 hours"), (2, Level.OK, "2.0 days"), (15, Level.OK, "15.0")]
)
def test_little_history_is_a_warning(days: float, level: Level, length: str) -> None:
    (line,) = of_history(History(NOW - days * DAY, NOW, True, False), Identity("Prometheus", "3.5.0", "15d"), NOW)
    assert line.level is level
    assert length in line.sentence
    assert line.sentence.endswith("The server is set to keep 15d.")


def test_more_history_than_was_asked_for_is_told() -> None:
    (line,) = of_history(History(NOW - 900 * DAY, NOW, True, True), UNKNOWN, NOW)
    assert line.sentence == "Data reaches back to 2023-07-16 00:00 UTC or further (900.0 days)."


def test_data_that_ended_is_told_with_its_end() -> None:
    _, line = of_history(History(NOW - 9 * DAY, NOW - 7200, False, False), UNKNOWN, NOW)
    assert line.level is Level.WARNING
    assert line.sentence == "The newest data is of 2025-12-31 22:00 UTC, 120 min ago."


def test_no_history_at_all_is_a_fault() -> None:
    (line,) = of_history(None, UNKNOWN, NOW)
    assert line.level is Level.FAULT
    assert "token" in line.next_step
