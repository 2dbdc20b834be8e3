"""What the warehouse holds is what Prometheus answers to the same query, value for value."""

import math
from datetime import UTC, datetime, timedelta

import pytest
import requests

from demo.prometheus import LocalPrometheus
from ocpperf_assets.catalogue import Catalogue, Metric
from ocpperf_assets.knowledge import load_knowledge
from ocpperf_assets.settings import Settings
from tests.conftest import Demo

pytestmark = pytest.mark.xdist_group("faulty")

Series = dict[frozenset[tuple[str, str]], dict[int, float]]


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_knowledge(Settings(_env_file=None)).catalogue  # type: ignore[call-arg] # pydantic-settings' own argument


@pytest.fixture(scope="module")
def day(faulty: Demo) -> tuple[datetime, datetime]:
    ((first, last),) = faulty.rows("select min(hour), max(hour) from raw_extraction")
    assert isinstance(first, datetime)
    assert isinstance(last, datetime)
    return first.replace(tzinfo=UTC), last.replace(tzinfo=UTC) + timedelta(hours=1)


def asked(prometheus: LocalPrometheus, query: str, start: datetime, end: datetime, step_s: int) -> Series:
    """Prometheus' own JSON, decoded the plain way; both ends included, as Prometheus has it."""
    answer = requests.post(
        f"{prometheus.url}/api/v1/query_range",
        data={"query": query, "start": start.timestamp(), "end": end.timestamp(), "step": step_s},
        timeout=60,
    ).json()
    assert answer["status"] == "success"
    return {
        frozenset((key, value) for key, value in series["metric"].items() if key != "__name__"): {
            round(moment * 1000): float(value) for moment, value in series["values"]
        }
        for series in answer["data"]["result"]
    }


def stored(demo: Demo, metric: Metric) -> Series:
    rows = demo.rows(
        f"select map_entries(labels), epoch_ms(ts), value from raw_{metric.domain} "
        "join raw_series_label using (cluster, metric, series_id) where metric = $metric",
        {"metric": metric.name},
    )
    series: Series = {}
    for labels, moment, value in rows:
        assert isinstance(labels, list)
        assert isinstance(moment, int)
        key = frozenset((entry["key"], entry["value"]) for entry in labels)
        series.setdefault(key, {})[moment] = math.nan if value is None else float(str(value))
    return series


def same(left: float, right: float) -> bool:
    return left == right or (math.isnan(left) and math.isnan(right))


def differences(ours: Series, theirs: Series) -> list[str]:
    """Every series and moment at which the two differ in presence or in value."""
    wrong = [f"only one side has {dict(key)}" for key in ours.keys() ^ theirs.keys()]
    for key in ours.keys() & theirs.keys():
        mine, other = ours[key], theirs[key]
        wrong += [f"{dict(key)} at {moment}: one side only" for moment in mine.keys() ^ other.keys()]
        wrong += [
            f"{dict(key)} at {moment}: {mine[moment]} is not {other[moment]}"
            for moment in mine.keys() & other.keys()
            if not same(mine[moment], other[moment])
        ]
    return wrong


def test_every_gauge_of_the_catalogue_equals_prometheus(
    faulty: Demo, prometheus: LocalPrometheus, catalogue: Catalogue, day: tuple[datetime, datetime]
) -> None:
    gauges = [metric for metric in catalogue.metrics if metric.kind == "gauge"]
    assert len(gauges) >= 30
    for metric in gauges:
        step_s = metric.step_s or 60
        theirs = asked(prometheus, metric.query, day[0], day[1] - timedelta(seconds=step_s), step_s)
        assert differences(stored(faulty, metric), theirs) == [], metric.name


def test_every_bucket_family_equals_prometheus_at_the_end_of_each_interval(
    faulty: Demo, prometheus: LocalPrometheus, catalogue: Catalogue, day: tuple[datetime, datetime]
) -> None:
    families = [metric for metric in catalogue.metrics if metric.kind == "histogram"]
    assert len(families) >= 4
    five = timedelta(minutes=5)
    for family in families:
        theirs: Series = {}
        for labels, samples in asked(prometheus, family.query, day[0] + five, day[1], 300).items():
            theirs[labels] = {moment - 300_000: value for moment, value in samples.items()}
        assert differences(buckets(faulty, family), theirs) == [], family.name


def buckets(demo: Demo, family: Metric) -> Series:
    rows = demo.rows(
        "select map_entries(labels), le, epoch_ms(ts), increase from raw_histogram "
        "join raw_series_label using (cluster, metric, series_id) where metric = $metric",
        {"metric": family.name},
    )
    series: Series = {}
    for labels, le, moment, increase in rows:
        assert isinstance(labels, list)
        assert isinstance(moment, int)
        bound = "+Inf" if le == math.inf else repr(float(str(le))).removesuffix(".0")
        key = frozenset({*((entry["key"], entry["value"]) for entry in labels), ("le", bound)})
        series.setdefault(key, {})[moment] = math.nan if increase is None else float(str(increase))
    return series


def test_states_are_stored_as_the_ends_of_their_runs(
    faulty: Demo, prometheus: LocalPrometheus, catalogue: Catalogue, day: tuple[datetime, datetime]
) -> None:
    states = [metric for metric in catalogue.metrics if metric.kind == "state"]
    assert states
    for metric in states:
        step_s = metric.step_s or 60
        theirs = asked(prometheus, metric.query, day[0], day[1] - timedelta(seconds=step_s), step_s)
        ours = stored(faulty, metric)
        assert ours.keys() == theirs.keys(), metric.name
        for key, samples in ours.items():
            assert all(theirs[key][moment] == value for moment, value in samples.items())
            assert min(samples) == min(theirs[key])
            assert max(samples) == max(theirs[key])


def test_merged_quantiles_equal_histogram_quantile_on_the_same_increases(
    faulty: Demo, prometheus: LocalPrometheus, catalogue: Catalogue, day: tuple[datetime, datetime]
) -> None:
    view = faulty.rows("select pod, epoch_ms(ts), p99_seconds from wal_fsync_p99_latency")
    family = catalogue.metric("disk_wal_fsync_seconds")
    query = f"histogram_quantile(0.99, {family.query})"
    theirs = asked(prometheus, query, day[0] + timedelta(minutes=5), day[1], 300)
    by_pod = {dict(labels)["pod"]: samples for labels, samples in theirs.items()}
    assert len(view) > 800
    for pod, moment, p99 in view:
        assert isinstance(moment, int)
        assert float(str(p99)) == pytest.approx(by_pod[str(pod)][moment + 300_000], rel=1e-9), (pod, moment)
