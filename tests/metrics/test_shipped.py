"""What the shipped catalogue promises as a whole."""

from collections import Counter

import pytest

from ocpperf_assets.catalogue import Catalogue
from ocpperf_mcp.contracts.tools import SHOWING
from tests.conftest import shipped_catalogue

LEAST = {
    "etcd": 56,
    "net": 100,
    "api": 22,
    "disk": 12,
    "node": 14,
    "ovn": 12,
    "ovs": 20,
    "pods": 10,
    "cni": 18,
    "latency": 22,
    "alert": 3,
}


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return shipped_catalogue()


@pytest.mark.parametrize(("domain", "least"), LEAST.items())
def test_every_domain_has_what_its_analyzer_needs(catalogue: Catalogue, domain: str, least: int) -> None:
    assert len(catalogue.of_domain(domain)) >= least


def test_there_are_at_least_289_metrics_in_eleven_domains(catalogue: Catalogue) -> None:
    assert set(catalogue.domains) == LEAST.keys()
    assert len(catalogue.metrics) >= 289


def test_at_least_twenty_are_bucket_families(catalogue: Catalogue) -> None:
    assert Counter(metric.kind for metric in catalogue.metrics)["histogram"] >= 20


def test_every_metric_is_shown_by_a_tool_and_every_tool_shows_one(catalogue: Catalogue) -> None:
    assert [metric.name for metric in catalogue.metrics if not metric.tools] == []
    assert {tool for metric in catalogue.metrics for tool in metric.tools} == SHOWING
