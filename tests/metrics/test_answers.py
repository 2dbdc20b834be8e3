"""Every metric answers on a simulated cluster that lives a normal life: two hours of it, in a real Prometheus."""

import json
import math
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from demo.cluster import simulate
from demo.prometheus import LocalPrometheus
from ocpperf_assets.promql import Endpoint, PrometheusClient
from tests.conftest import shipped_catalogue

END = datetime(2026, 1, 2, tzinfo=UTC)
HOURS = 2
STEP_S = 60


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrometheusClient]:
    data = tmp_path_factory.mktemp("quiet")
    simulate(data, END, hours=HOURS, workers=2, scenarios=())
    with LocalPrometheus(data) as server:
        yield PrometheusClient(Endpoint(server.url))


def finite_series(client: PrometheusClient, query: str) -> int:
    """How many series of the answer have a finite sample."""
    begin = (END - timedelta(hours=HOURS)).timestamp()
    answer = json.loads(client.query_range(query, begin, END.timestamp() - STEP_S, STEP_S).body)
    return sum(any(math.isfinite(float(text)) for _, text in one["values"]) for one in answer["data"]["result"])


def test_every_metric_has_a_finite_series(client: PrometheusClient) -> None:
    silent = [metric.name for metric in shipped_catalogue().metrics if not finite_series(client, metric.query)]
    assert silent == []
