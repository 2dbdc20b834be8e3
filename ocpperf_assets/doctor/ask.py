"""Asking several instants side by side, within the endpoint's concurrency."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

from ocpperf_assets.promql import PrometheusClient, QueryError
from ocpperf_assets.promql.decode import DecodeError
from ocpperf_assets.promql.faults import of_content
from ocpperf_assets.promql.instant import Instant, decode_instant

AskedT = TypeVar("AskedT")
AnswerT = TypeVar("AnswerT")


@dataclass(frozen=True)
class Measured:
    """An instant's answer and what it took."""

    instant: Instant
    seconds: float
    """From the question to the answer's last byte."""
    bytes: int
    date: str | None
    """The server's clock as its HTTP header says it."""


def ask(client: PrometheusClient, query: str, at_s: float, *, stats: bool = False) -> Measured:
    """Raises QueryError when there is no answer, or one that is not Prometheus'."""
    answer = client.query(query, at_s, stats=stats)
    try:
        instant = decode_instant(answer.body)
    except DecodeError:
        raise of_content(answer.body, client.endpoint.address, answer.attempts) from None
    return Measured(instant, answer.seconds, len(answer.body), answer.date)


def exists(client: PrometheusClient, query: str, at_s: float) -> bool:
    """Whether the query has a series at that moment (Unix seconds); a refused one has none."""
    try:
        return bool(ask(client, query, at_s).instant.labels)
    except QueryError:
        return False


def side_by_side(
    client: PrometheusClient, function: Callable[[AskedT], AnswerT], asked: Iterable[AskedT]
) -> list[AnswerT]:
    """The function's answers in the order of what was asked, as many at once as the endpoint allows."""
    with ThreadPoolExecutor(client.endpoint.concurrency) as pool:
        return list(pool.map(function, asked))
