"""What Prometheus answers and what the warehouse holds, in one shape, so that tests can compare them."""

import math
from datetime import UTC, datetime
from typing import Any

import duckdb
import requests

from ocpperf_assets.catalogue import Metric

EVER = datetime(1970, 1, 1, tzinfo=UTC)
Series = dict[frozenset[tuple[str, str]], dict[int, float]]
"""Samples by label set and Unix milliseconds."""


def asked(url: str, query: str, start: datetime, end: datetime, step_s: int) -> Series:
    """Prometheus' own JSON, decoded the plain way; both ends included, as Prometheus has it."""
    answer = requests.post(
        f"{url}/api/v1/query_range",
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


def stored(con: duckdb.DuckDBPyConnection, metric: Metric, since: datetime = EVER) -> Series:
    """The samples of a metric in the warehouse, in Prometheus' shape."""
    rows = con.execute(
        f"select any_value(map_entries(labels)), list(epoch_ms(ts)), list(coalesce(value, 'nan')) "
        f"from raw_{metric.domain} join raw_series_label using (cluster, metric, series_id) where metric = $metric "
        "and ts >= $since group by series_id",
        {"metric": metric.name, "since": since.replace(tzinfo=None)},
    ).fetchall()
    return {_labels(labels): _samples(moments, values) for labels, moments, values in rows}


def same(left: float, right: float) -> bool:
    """Equal but for the last bits: Prometheus adds up nested aggregations in another order at every asking."""
    return math.isclose(left, right, rel_tol=1e-14) or (math.isnan(left) and math.isnan(right))


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


def buckets(con: duckdb.DuckDBPyConnection, family: Metric, since: datetime = EVER) -> Series:
    """The bucket increases of a family in the warehouse, in Prometheus' shape, at the start of their intervals."""
    rows = con.execute(
        "select any_value(map_entries(labels)), le, list(epoch_ms(ts)), list(coalesce(increase, 'nan')) "
        "from raw_histogram join raw_series_label using (cluster, metric, series_id) where metric = $metric "
        "and ts >= $since group by series_id, le",
        {"metric": family.name, "since": since.replace(tzinfo=None)},
    ).fetchall()
    series: Series = {}
    for labels, le, moments, values in rows:
        bound = "+Inf" if le == math.inf else repr(float(str(le))).removesuffix(".0")
        series[_labels(labels) | {("le", bound)}] = _samples(moments, values)
    return series


def _labels(entries: Any) -> frozenset[tuple[str, str]]:
    return frozenset((entry["key"], entry["value"]) for entry in entries)


def _samples(moments: Any, values: Any) -> dict[int, float]:
    return dict(zip(moments, values, strict=True))
