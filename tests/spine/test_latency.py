"""Merged quantiles: those of Prometheus on the same increases, and those that were planted."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from demo.prometheus import LocalPrometheus
from ocpperf_assets.catalogue import Catalogue
from tests.answers import asked
from tests.conftest import Demo

QUANTILES = (0.5, 0.9, 0.99)
SAMPLING = 0.05
"""A drawn quantile may lie this far from the planted one: in an hour of a slow disk there are some thousand draws."""


def merged(demo: Demo, metric: str, start: datetime, minutes: int) -> dict[tuple[str, datetime], list[float]]:
    """Our quantiles of the day by entity and start of the piece."""
    quantiles = ", ".join(f"bucket_quantile({q}, les, counts)" for q in QUANTILES)
    rows = demo.rows(
        f"select entity, start, {quantiles} from merged_bucket('demo', $t0::timestamp, "
        f"$t0::timestamp + interval 24 hours, interval {minutes} minutes) where metric = $metric and observations > 0",
        {"t0": start.replace(tzinfo=None), "metric": metric},
    )
    return {(str(row[0]), moment(row[1])): [float(str(value)) for value in row[2:]] for row in rows}


def moment(value: object) -> datetime:
    assert isinstance(value, datetime)
    return value


@pytest.mark.parametrize("minutes", [5, 60])
def test_they_equal_histogram_quantile_on_the_same_increases(
    faulty: Demo, prometheus: LocalPrometheus, catalogue: Catalogue, day: tuple[datetime, datetime], minutes: int
) -> None:
    family = catalogue.metric("disk_wal_fsync_seconds")
    ours = merged(faulty, family.name, day[0], minutes)
    pieces = [family.query] + [family.query.replace("[5m]", f"[5m] offset {ago}m") for ago in range(5, minutes, 5)]
    added = " + ".join(f"({piece})" for piece in pieces)
    compared = 0
    for place, q in enumerate(QUANTILES):
        query = f"histogram_quantile({q}, {added})"
        theirs = asked(prometheus.url, query, day[0] + timedelta(minutes=minutes), day[1], 60 * minutes)
        for labels, samples in theirs.items():
            entity = dict(labels)["pod"].removeprefix("etcd-")
            for end_ms, value in samples.items():
                start = datetime.fromtimestamp(end_ms / 1000, day[0].tzinfo) - timedelta(minutes=minutes)
                mine = ours[entity, start.replace(tzinfo=None)]
                assert mine[place] == pytest.approx(value, rel=1e-9), (entity, start, q)
                assert mine == sorted(mine)
                compared += 1
    assert compared == 3 * len(ours) == 3 * 3 * 24 * 60 // minutes


def test_they_hold_the_planted_quantile_within_their_bucket(faulty: Demo, catalogue: Catalogue) -> None:
    families = {
        "etcd_disk_wal_fsync_duration_seconds": "disk_wal_fsync_seconds",
        "etcd_disk_backend_commit_duration_seconds": "disk_backend_commit_seconds",
    }
    planted: list[dict[str, Any]] = json.loads((faulty.root / "prometheus" / "truth.json").read_text(encoding="utf-8"))[
        "p99_seconds"
    ]
    rows = faulty.rows("select metric, entity, hour, p99_low, p99_high from fct_latency_hourly")
    found = {(row[0], row[1], row[2]): (float(str(row[3])), float(str(row[4]))) for row in rows if row[3] is not None}
    assert len(planted) == 2 * 3 * 24
    for truth in planted:
        hour = datetime.fromisoformat(truth["hour"]).replace(tzinfo=None)
        low, high = found[families[truth["family"]], truth["node"], hour]
        assert low * (1 - SAMPLING) <= truth["value"] <= high * (1 + SAMPLING), truth
