"""Tokens that end in the middle of a backfill, and those who made them."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from demo.prometheus import LocalPrometheus
from ocpperf_assets.access.api import ApiError
from ocpperf_assets.access.tokens import RequestedToken, UserToken
from ocpperf_assets.promql import Endpoint, PrometheusClient, QueryError
from ocpperf_assets.promql.tokens import TokenSource
from tests.doubles.kubernetes_api import KubernetesDouble, refuses
from tests.doubles.kubernetes_api.flavours import SERVICE_ACCOUNTS, item, vanilla
from tests.ocpperf_assets.access.conftest import NOW, USER, Reach, Serve, guarded
from tests.wire import Wire, wire_to

LATER = "sha256~a-later-secret"


def issued(number: int) -> str:
    return f"issued-{number}-of-a-service-account"


@pytest.fixture
def double(serve: Serve) -> KubernetesDouble:
    """An API with a service account to make tokens for."""
    cluster = vanilla(USER)
    cluster.store.add(*SERVICE_ACCOUNTS, item("ocpperf", "ocpperf"))
    return serve(cluster)


@pytest.fixture
def wire(behind: LocalPrometheus) -> Iterator[Wire]:
    with wire_to(behind.url) as proxy:
        yield proxy


class Clock:
    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def requested(double: KubernetesDouble, reach: Reach, clock: Clock) -> RequestedToken:
    return RequestedToken(reach(double), "ocpperf/ocpperf", clock)


def asking(wire: Wire, tokens: TokenSource, concurrency: int = 4) -> PrometheusClient:
    return PrometheusClient(Endpoint(wire.url, tokens=tokens, concurrency=concurrency, attempts=1))


def sent(wire: Wire) -> list[str]:
    return [(request.authorization or "").removeprefix("Bearer ") for request in wire.requests]


def test_a_token_is_requested_once_and_replaced_before_it_ends(
    double: KubernetesDouble, requested: RequestedToken, clock: Clock
) -> None:
    double.cluster.lifetime_s = 600
    assert [requested.token(), requested.token()] == [issued(1)] * 2
    clock.now_s = 479
    assert requested.token() == issued(1)
    clock.now_s = 481
    assert requested.token() == issued(2)


def test_the_old_token_serves_while_the_api_is_away(
    double: KubernetesDouble, requested: RequestedToken, clock: Clock
) -> None:
    assert requested.token() == issued(1)
    clock.now_s = 3000
    double.cluster.once.append(refuses(503))
    assert [requested.token() for _ in range(3)] == [issued(1)] * 3
    assert len(double.cluster.asked) == 2, "a minute passes before it is asked again"
    clock.now_s = 3061
    assert requested.token() == issued(2)


def test_a_token_that_is_refused_amid_a_backfill_is_replaced_once(
    double: KubernetesDouble, requested: RequestedToken, wire: Wire
) -> None:
    client = asking(wire, requested)
    wire.always = guarded(issued(1))
    client.query_range("up", NOW, NOW + 600, 60)
    wire.always = guarded(issued(2))
    answer = client.query_range("up", NOW + 660, NOW + 1200, 60)
    assert answer.attempts == 1
    assert sent(wire) == [issued(1), issued(1), issued(2)]
    wire.always = guarded("nobody's")
    with pytest.raises(QueryError, match="refused the credentials"):
        client.query_range("up", NOW, NOW + 600, 60)
    assert sent(wire)[3:] == [issued(2), issued(3)]


def test_queries_side_by_side_share_one_renewal(
    double: KubernetesDouble, requested: RequestedToken, wire: Wire
) -> None:
    client = asking(wire, requested)
    assert requested.token() == issued(1)
    wire.always = guarded(issued(2))
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: client.query("up", NOW + 60), range(8)))
    assert len(answers) == 8
    assert double.cluster.issued == [issued(1), issued(2)]


def test_where_no_token_can_be_requested_the_refusal_stands(
    double: KubernetesDouble, requested: RequestedToken, wire: Wire
) -> None:
    assert requested.token() == issued(1)
    double.cluster.deny("create", "serviceaccounts/token")
    wire.always = guarded("nobody's")
    with pytest.raises(QueryError, match="refused the credentials"):
        asking(wire, requested).query("up", NOW)
    assert len(wire.requests) == 1


def test_a_service_account_that_is_not_there_is_said(double: KubernetesDouble, reach: Reach) -> None:
    with pytest.raises(ApiError, match=r"There is no service account a/b.*OCPPERF_SERVICE_ACCOUNT"):
        RequestedToken(reach(double), "a/b").token()


def test_after_a_new_login_the_users_new_token_is_sent(
    double: KubernetesDouble, reach: Reach, wire: Wire, tmp_path: Path
) -> None:
    tokens = UserToken(reach(double).credentials)
    wire.always = guarded(LATER)
    with pytest.raises(QueryError, match="refused the credentials"):
        asking(wire, tokens).query("up", NOW)
    double.kubeconfig(tmp_path / "kubeconfig", {"token": LATER})
    asking(wire, tokens).query("up", NOW)
    asking(wire, tokens).query("up", NOW)
    assert sent(wire) == [USER, USER, LATER, LATER]


def test_no_picture_shows_a_token(double: KubernetesDouble, reach: Reach, requested: RequestedToken) -> None:
    api = reach(double)
    pictures = [repr(one) for one in (api, api.credentials, UserToken(api.credentials), requested)]
    endpoint = Endpoint("https://host", tokens=requested)
    pictures += [repr(endpoint), str(endpoint), requested.origin, UserToken(api.credentials).origin]
    assert requested.token() == issued(1)
    assert not [text for text in pictures if USER in text or issued(1) in text]
