"""A decoded answer as rows to stage: samples, buckets, series."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from ocpperf_assets.catalogue import Metric
from ocpperf_assets.extraction.identity import series_id
from ocpperf_assets.extraction.plan import Grid
from ocpperf_assets.extraction.stage import SCHEMAS, repeated, times
from ocpperf_assets.extraction.truncate import without_bound
from ocpperf_assets.promql import Matrix

_HOUR_MS = 3_600_000
Selected = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Rows:
    """What one answer brings: rows by kind, and the numbers a report needs."""

    kind: str
    points: pa.Table
    series: pa.Table
    by_hour: Mapping[int, int]
    """Samples of every hour (Unix ms) that has one."""
    samples: int
    nan: int


def rows_of(cluster: str, metric: Metric, matrix: Matrix, grid: Grid) -> Rows:
    """Shape a matrix for staging. A state keeps only the ends of its runs."""
    ts_ms = matrix.ts_ms - grid.shift_s * 1000
    ids, labels = _identities(cluster, metric, matrix)
    columns: list[object] = [repeated(cluster, len(ts_ms)), repeated(metric.name, len(ts_ms))]
    columns += [pa.array(np.repeat(ids, matrix.lengths)), times(ts_ms)]
    kind = "buckets" if metric.kind == "histogram" else "samples"
    if kind == "buckets":
        columns.append(pa.array(np.repeat(_bounds(matrix.labels), matrix.lengths)))
    points = pa.Table.from_arrays([*columns, matrix.values], schema=SCHEMAS[kind])
    if metric.kind == "state":
        points = points.filter(pa.array(run_ends(matrix, grid.step_s)))
    hours, counts = np.unique(ts_ms // _HOUR_MS, return_counts=True)
    return Rows(
        kind=kind,
        points=points,
        series=_series(cluster, metric, matrix, ts_ms, ids, labels),
        by_hour=dict(zip((hours * _HOUR_MS).tolist(), counts.tolist(), strict=True)),
        samples=len(ts_ms),
        nan=matrix.values.null_count,
    )


def run_ends(matrix: Matrix, step_s: int) -> Selected:
    """First and last sample of every unbroken run of equal values, runs being cut at the hour and at a gap."""
    count = len(matrix.ts_ms)
    if count == 0:
        return np.zeros(0, dtype=bool)
    owner = np.repeat(np.arange(len(matrix.lengths)), matrix.lengths)
    # A NaN equals no other value; filling it with infinity keeps runs of NaN together and apart from numbers.
    values = matrix.values.fill_null(math.inf).to_numpy(zero_copy_only=False)
    breaks = (
        (owner[1:] != owner[:-1])
        | (values[1:] != values[:-1])
        | (np.diff(matrix.ts_ms) != step_s * 1000)
        | (matrix.ts_ms[1:] // _HOUR_MS != matrix.ts_ms[:-1] // _HOUR_MS)
    )
    return np.concatenate(([True], breaks)) | np.concatenate((breaks, [True]))


def _identities(cluster: str, metric: Metric, matrix: Matrix) -> tuple[npt.NDArray[np.int64], list[Mapping[str, str]]]:
    labels = [without_bound(metric, one) for one in matrix.labels]
    ids = [series_id(cluster, metric.name, one) for one in labels]
    return np.array(ids, dtype=np.int64), list(labels)


def _bounds(labels: Sequence[Mapping[str, str]]) -> npt.NDArray[np.float64]:
    return np.array([float(one["le"]) for one in labels], dtype=np.float64)


def _series(
    cluster: str,
    metric: Metric,
    matrix: Matrix,
    ts_ms: npt.NDArray[np.int64],
    ids: npt.NDArray[np.int64],
    labels: Sequence[Mapping[str, str]],
) -> pa.Table:
    """One row a series; the buckets of a histogram are one series."""
    _, first = np.unique(ids, return_index=True)
    starts, ends = matrix.starts, matrix.starts + matrix.lengths - 1
    seen: dict[int, tuple[int, int]] = {}
    for index, identity in enumerate(ids.tolist()):
        start, end = int(ts_ms[starts[index]]), int(ts_ms[ends[index]])
        known = seen.get(identity, (start, end))
        seen[identity] = min(known[0], start), max(known[1], end)
    rows = [
        {
            "cluster": cluster,
            "domain": metric.domain,
            "metric": metric.name,
            "series_id": int(ids[index]),
            "labels": sorted(labels[index].items()),
            "first_seen": seen[int(ids[index])][0],
            "last_seen": seen[int(ids[index])][1],
        }
        for index in first.tolist()
    ]
    return pa.Table.from_pylist(rows, schema=SCHEMAS["series"])
