"""What the warehouse holds is what Prometheus answers to the same query, value for value."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import duckdb
import pytest

from demo.prometheus import LocalPrometheus
from ocpperf_assets.catalogue import Catalogue
from ocpperf_mcp.warehouse import open_published
from tests.answers import Series, asked, buckets, differences, stored
from tests.conftest import Demo, shipped_catalogue

HOURS = timedelta(hours=8)
"""How much of the day is compared: every metric of all of it would take minutes."""


@pytest.fixture(scope="module")
def held(faulty: Demo) -> Iterator[duckdb.DuckDBPyConnection]:
    """The warehouse, opened once: three hundred metrics are compared."""
    with open_published(faulty.home) as con:
        yield con


@pytest.mark.parametrize("domain", shipped_catalogue().domains)
def test_every_gauge_of_the_catalogue_equals_prometheus(
    held: duckdb.DuckDBPyConnection,
    prometheus: LocalPrometheus,
    catalogue: Catalogue,
    day: tuple[datetime, datetime],
    domain: str,
) -> None:
    gauges = [metric for metric in catalogue.of_domain(domain) if metric.kind == "gauge"]
    assert gauges
    since = day[1] - HOURS
    for metric in gauges:
        step_s = metric.step_s or 60
        theirs = asked(prometheus.url, metric.query, since, day[1] - timedelta(seconds=step_s), step_s)
        assert differences(stored(held, metric, since), theirs) == [], metric.name


def test_every_bucket_family_equals_prometheus_at_the_end_of_each_interval(
    held: duckdb.DuckDBPyConnection, prometheus: LocalPrometheus, catalogue: Catalogue, day: tuple[datetime, datetime]
) -> None:
    families = [metric for metric in catalogue.metrics if metric.kind == "histogram"]
    assert len(families) >= 4
    five, since = timedelta(minutes=5), day[1] - HOURS
    for family in families:
        theirs: Series = {}
        for labels, samples in asked(prometheus.url, family.query, since + five, day[1], 300).items():
            theirs[labels] = {moment - 300_000: value for moment, value in samples.items()}
        assert differences(buckets(held, family, since), theirs) == [], family.name


def test_states_are_stored_as_the_ends_of_their_runs(
    held: duckdb.DuckDBPyConnection, prometheus: LocalPrometheus, catalogue: Catalogue, day: tuple[datetime, datetime]
) -> None:
    states = [metric for metric in catalogue.metrics if metric.kind == "state"]
    assert states
    for metric in states:
        step_s = metric.step_s or 60
        theirs = asked(prometheus.url, metric.query, day[0], day[1] - timedelta(seconds=step_s), step_s)
        ours = stored(held, metric)
        assert ours.keys() == theirs.keys(), metric.name
        for key, samples in ours.items():
            assert all(theirs[key][moment] == value for moment, value in samples.items())
            assert min(samples) == min(theirs[key])
            assert max(samples) == max(theirs[key])
