"""What a Thanos querier is asked beyond the query, and what becomes of an answer that lacks a store."""

import dataclasses

import pytest

from ocpperf_assets.promql import Endpoint, PrometheusClient, QueryError, TooLargeError, decode_matrix
from ocpperf_assets.promql.identity import recognised
from tests import wire as faults
from tests.ocpperf_assets.promql.conftest import START
from tests.wire import Wire

AWAY = "store sidecar-1: connection refused"
WHOLE = {"dedup": "true", "partial_response": "false", "max_source_resolution": "0s"}


def querier(wire: Wire) -> PrometheusClient:
    return PrometheusClient(Endpoint(wire.url, thanos=True, attempts=2, backoff_s=0.001))


def parameters(wire: Wire) -> list[dict[str, str]]:
    return [{key: form[key] for key in WHOLE if key in form} for form in (one.form for one in wire.requests)]


def test_thanos_is_asked_for_whole_answers_at_full_resolution(wire: Wire) -> None:
    querier(wire).query_range("once", START, START + 60, 60)
    querier(wire).query("once", START)
    assert parameters(wire) == [WHOLE, WHOLE]


def test_prometheus_is_asked_for_nothing_it_does_not_know(wire: Wire) -> None:
    PrometheusClient(Endpoint(wire.url)).query_range("once", START, START + 60, 60)
    assert parameters(wire) == [{}]


@pytest.mark.parametrize(("code", "refusals"), [(422, 1), (500, 1), (503, 2)])
def test_what_there_is_is_taken_with_its_warning_where_a_store_is_away(wire: Wire, code: int, refusals: int) -> None:
    wire.always = faults.with_a_store_away(AWAY, code)
    answer = querier(wire).query_range("many{n='01'}", START + 60, START + 180, 60)
    assert decode_matrix(answer.body).warnings == (AWAY,)
    assert parameters(wire) == [WHOLE] * refusals + [WHOLE | {"partial_response": "true"}]
    assert answer.attempts == refusals + 1


@pytest.mark.parametrize("fault", [faults.status(403), faults.status(400, b'{"error":"parse error"}')])
def test_other_refusals_are_no_reason_to_ask_for_less(wire: Wire, fault: faults.Fault) -> None:
    wire.always = fault
    with pytest.raises(QueryError):
        querier(wire).query("once", START)
    assert parameters(wire) == [WHOLE]


def test_what_is_too_large_is_asked_for_in_two_instead(wire: Wire) -> None:
    wire.always = faults.too_large_over(30)
    with pytest.raises(TooLargeError):
        querier(wire).query_range("once", START, START + 60, 60)
    assert parameters(wire) == [WHOLE]


def test_a_querier_is_recognised_by_what_it_says_of_itself(wire: Wire) -> None:
    endpoint = Endpoint(wire.url)
    assert recognised(endpoint) == endpoint
    assert [request.path for request in wire.requests] == ["/api/v1/status/buildinfo"]
    wire.always = faults.thanos("0.36.1")
    assert recognised(endpoint) == dataclasses.replace(endpoint, thanos=True)
    wire.always = faults.reset
    assert recognised(endpoint) == endpoint
