"""The client's patience, its limits, and what it says when there is no answer."""

import dataclasses
import socket
from pathlib import Path

import pytest
from pydantic import SecretStr

from ocpperf_assets.promql import Endpoint, PrometheusClient, QueryError, TooLargeError, decode_matrix
from ocpperf_assets.promql.tokens import FileToken, GivenToken
from ocpperf_mcp.contracts.errors import OcpperfError
from tests import wire as faults
from tests.ocpperf_assets.promql.conftest import START
from tests.wire import Wire

TOKEN = "sha256~a-secret-of-the-cluster"


def client(wire: Wire, **changes: object) -> PrometheusClient:
    endpoint = Endpoint(wire.url, tokens=GivenToken(SecretStr(TOKEN)), backoff_s=0.001)
    return PrometheusClient(dataclasses.replace(endpoint, **changes))  # type: ignore[arg-type] # replace takes any field


def ask(wire: Wire, **changes: object) -> int:
    """Ask for three samples; answers with the attempts it took."""
    answer = client(wire, **changes).query_range("many{n='01'}", START + 60, START + 180, 60)
    assert decode_matrix(answer.body).values.to_pylist() == [1.0, 1.0, 1.0]
    return answer.attempts


def test_a_range_is_asked_for_by_post_with_the_token(wire: Wire) -> None:
    assert ask(wire) == 1
    (request,) = wire.requests
    assert request.path == "/api/v1/query_range"
    assert request.authorization == f"Bearer {TOKEN}"
    assert wire.asked == [(START + 60, START + 180, 60)]


@pytest.mark.parametrize("code", [429, 502, 503, 504])
def test_a_server_that_is_busy_is_asked_again(wire: Wire, code: int) -> None:
    wire.faults.extend([faults.status(code), faults.status(code, b"<html>busy</html>")])
    assert ask(wire) == 3


@pytest.mark.parametrize("fault", [faults.reset, faults.cut(40)], ids=["reset", "cut off"])
def test_a_broken_connection_is_tried_again(wire: Wire, fault: faults.Fault) -> None:
    wire.faults.append(fault)
    assert ask(wire) == 2


def test_a_server_that_names_a_time_is_not_asked_before_it(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr("ocpperf_assets.promql.client.time.sleep", slept.append)
    wire.faults.append(faults.status(429, Retry_After="7"))
    assert ask(wire) == 2
    assert len(slept) == 1
    assert slept[0] >= 7


def test_where_nobody_answers_the_later_queries_do_not_wait_in_vain(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    monkeypatch.setattr("ocpperf_assets.promql.client.time.sleep", slept.append)
    wire.always = faults.reset
    patient = client(wire, concurrency=2, attempts=3)
    tried = []
    for _ in range(4):
        with pytest.raises(QueryError) as refusal:
            patient.query("once", START)
        tried.append(refusal.value.attempts)
    assert tried == [3, 3, 1, 1]
    assert len(slept) == 4
    wire.always = faults.pass_on
    patient.query("once", START + 60)
    wire.always = faults.reset
    with pytest.raises(QueryError) as refusal:
        patient.query("once", START)
    assert refusal.value.attempts == 3, "an answer restores patience"


def test_the_waits_grow_and_are_never_alike(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    longest: list[float] = []

    def noted(_low: float, high: float) -> float:
        longest.append(high)
        return 0.0

    monkeypatch.setattr("ocpperf_assets.promql.client.time.sleep", lambda _: None)
    monkeypatch.setattr("ocpperf_assets.promql.client.random.uniform", noted)
    wire.faults.extend([faults.status(503)] * 3)
    assert ask(wire, backoff_s=0.5) == 4
    assert longest == [1.0, 2.0, 4.0]


def test_patience_ends(wire: Wire) -> None:
    wire.always = faults.status(503)
    with pytest.raises(QueryError, match="answered HTTP 503") as refused:
        ask(wire)
    assert refused.value.attempts == len(wire.requests) == 4


@pytest.mark.parametrize(
    ("code", "body", "said"),
    [
        (400, b'{"status":"error","error":"parse error: unexpected )"}', r"\(HTTP 400\): parse error: unexpected \)\."),
        (401, b"Unauthorized", "refused the credentials"),
        (403, b'{"error":"forbidden"}', "refused the credentials"),
        (404, b"<html></html>", "OCPPERF_PROMETHEUS_URL is Prometheus' base address"),
        (500, b'{"status":"error","error":"expanding series: broken chunk"}', "broken chunk"),
    ],
)
def test_a_refusal_is_said_and_not_repeated(wire: Wire, code: int, body: bytes, said: str) -> None:
    wire.always = faults.status(code, body)
    with pytest.raises(QueryError, match=said):
        ask(wire)
    assert len(wire.requests) == 1


def test_a_query_that_is_too_large_is_told_from_other_refusals(wire: Wire) -> None:
    wire.always = faults.too_large_over(60)
    with pytest.raises(TooLargeError, match="too many samples"):
        ask(wire)
    assert len(wire.requests) == 1


def test_prometheus_own_limit_of_points_counts_as_too_large(wire: Wire) -> None:
    with pytest.raises(TooLargeError, match="exceeded maximum resolution"):
        client(wire).query_range("many", START, START + 11_001, 1)


def test_an_answer_beyond_the_bound_is_not_read_to_its_end(wire: Wire) -> None:
    with pytest.raises(TooLargeError, match="larger than 100 bytes"):
        ask(wire, max_answer_bytes=100)


def test_a_slow_answer_ends_in_a_sentence(wire: Wire) -> None:
    wire.always = faults.slowly(1.0)
    with pytest.raises(QueryError, match="did not answer in time"):
        ask(wire, timeout_s=0.05, attempts=1)


def test_nobody_there_is_said_with_the_address_and_without_the_password() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{closed.getsockname()[1]}"
        endpoint = Endpoint(f"http://user:hunter2@{address}", attempts=2, backoff_s=0.001)
        with pytest.raises(QueryError) as refused:
            PrometheusClient(endpoint).query("1", START)
    assert refused.value.what == f"http://{address} cannot be reached: the connection was refused."


def test_https_where_http_is_spoken_is_said_at_once(wire: Wire) -> None:
    with pytest.raises(QueryError, match=r"does not speak TLS as expected.* http:// instead of https://"):
        PrometheusClient(Endpoint(wire.url.replace("http:", "https:"))).query("1", START)


def test_no_fault_and_no_picture_of_the_client_shows_the_token(wire: Wire) -> None:
    asking = client(wire)
    texts = [repr(asking.endpoint), repr(asking)]
    for fault in (faults.status(401), faults.status(500), faults.reset):
        wire.always = fault
        with pytest.raises(QueryError) as refused:
            asking.query("up", START)
        texts += [str(refused.value), repr(refused.value)]
    assert not [text for text in texts if TOKEN in text]


def test_a_token_file_is_read_again_for_every_request(wire: Wire, tmp_path: Path) -> None:
    file = tmp_path / "token"
    asking = client(wire, tokens=FileToken(file))
    for token in ("first", "second"):
        file.write_text(f"{token}\n")
        asking.query("up", START)
    assert [request.authorization for request in wire.requests] == ["Bearer first", "Bearer second"]
    file.unlink()
    with pytest.raises(OcpperfError, match="OCPPERF_PROMETHEUS_TOKEN_FILE"):
        asking.query("up", START)
