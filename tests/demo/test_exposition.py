"""What is exposed is what real exporters expose: names, types, labels, times, histograms."""

import csv
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest

from demo.scenario import default_scenarios
from demo.timeline import Floats
from ocpperf_assets.catalogue.facts import Facts, read_facts
from tests.demo.conftest import Exposed, plan

METRICS = Path(__file__).parents[2] / "metrics"


@pytest.fixture(scope="module")
def facts() -> Facts:
    return read_facts([METRICS])


@pytest.fixture(scope="module")
def declared_gauges() -> set[str]:
    """Series that count although their exporter declares them gauges."""
    with (METRICS / "exporters-extra.csv").open(encoding="utf-8", newline="") as lines:
        return {row["metric"] for row in csv.DictReader(lines) if "declared a gauge" in row["source"]}


def test_every_name_is_one_that_an_exporter_has(quiet: Exposed, facts: Facts) -> None:
    assert {one.name for one in quiet.series} - facts.series.keys() == set()


def test_every_type_is_the_exporters(quiet: Exposed, facts: Facts, declared_gauges: set[str]) -> None:
    """Untyped counters are exposed as such: only names that end in `_total` are counters in OpenMetrics."""
    types = {(one.name, one.kind, facts.series[one.name].type.partition("_")[0]) for one in quiet.series}
    wrong = {
        (name, kind, known)
        for name, kind, known in types
        if kind != known
        and not (kind == "gauge" and name in declared_gauges)
        and not (kind == "unknown" and known == "counter" and not name.endswith("_total"))
    }
    assert wrong == set()


def test_every_label_beside_the_targets_is_the_exporters(quiet: Exposed, facts: Facts) -> None:
    unknown = set()
    for one in quiet.series:
        known = facts.series[one.name].labels
        if known is not None:
            own = {label for label, value in one.labels.items() if value} - one.target.labels.keys()
            unknown |= {(one.name, label) for label in own - known}
    assert unknown == set()


def test_no_two_series_are_the_same(quiet: Exposed) -> None:
    assert len(quiet.by_identity()) == len(quiet.series)


def test_scrapes_have_an_offset_of_their_own_and_never_fall_on_a_step(quiet: Exposed) -> None:
    moments = [one.target.moments_ms(quiet.plan.timeline) for one in quiet.all("up")]
    offsets = [np.unique(found % 30_000) for found in moments]
    assert all(found.size == 1 for found in offsets)
    assert np.unique(np.concatenate(offsets)).size == len(offsets)
    assert all(found[0] % 1000 for found in offsets), "a scrape on a whole second can fall on a step"


def test_the_demos_plan_stays_within_some_ten_thousand_series() -> None:
    assert 1_000 < len(Exposed(plan(*default_scenarios(), hours=24, workers=4)).series) <= 11_000


def histograms(exposed: Exposed) -> dict[tuple[str, frozenset[tuple[str, str]]], dict[float, Floats]]:
    """The buckets of every histogram by `le`."""
    found: dict[tuple[str, frozenset[tuple[str, str]]], dict[float, Floats]] = defaultdict(dict)
    for one in exposed.series:
        if one.name.endswith("_bucket"):
            rest = frozenset(item for item in one.labels.items() if item[0] != "le")
            found[one.family, rest][float(one.labels["le"])] = one.values
    return found


def test_buckets_grow_with_their_limit_and_the_last_is_the_count(quiet: Exposed) -> None:
    counts = {
        (one.family, frozenset(one.labels.items())): one
        for one in quiet.series
        if one.name.endswith("_count") and one.kind == "histogram"
    }
    found = histograms(quiet)
    assert found.keys() == counts.keys()
    for key, buckets in found.items():
        stacked = np.vstack([buckets[le] for le in sorted(buckets)])
        assert np.all(np.diff(stacked, axis=0) >= 0), key
        assert max(buckets) == np.inf
        assert np.array_equal(buckets[np.inf], counts[key].values), key


def test_the_sum_lies_within_what_the_buckets_allow(quiet: Exposed) -> None:
    sums = {(one.family, frozenset(one.labels.items())): one for one in quiet.series if one.name.endswith("_sum")}
    for key, buckets in histograms(quiet).items():
        limits = sorted(buckets)
        each = np.diff(np.vstack([buckets[le][-1] for le in limits]), axis=0, prepend=0.0)[:, 0]
        least = float(np.dot(each, [0.0, *limits[:-1]]))
        most = float(np.dot(each[:-1], limits[:-1])) if each[-1] == 0 else np.inf
        assert least <= sums[key].values[-1] <= most * (1 + 1e-9), key
