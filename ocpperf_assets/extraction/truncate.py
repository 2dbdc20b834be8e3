"""Series beyond what a metric may have: the same ones are kept whenever an hour is collected, in whatever range."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from ocpperf_assets.catalogue import Metric
from ocpperf_assets.promql import Matrix

_HOUR_MS = 3_600_000


def without_bound(metric: Metric, labels: Mapping[str, str]) -> dict[str, str]:
    """Labels of the series as the catalogue counts it: the buckets of a histogram are one."""
    return {key: value for key, value in labels.items() if metric.kind != "histogram" or key != "le"}


def truncated(metric: Metric, matrix: Matrix, shift_s: int) -> tuple[Matrix, dict[int, int]]:
    """Keep, in each hour, the first `max_series` series in the order of their labels.

    Answers also with the number of series by hour (Unix ms) of the hours that had more. A point is stored `shift_s`
    before its moment.
    """
    ranks = _ranks(metric, matrix)
    if not len(ranks) or int(ranks.max()) < metric.max_series:
        return matrix, {}
    owners = np.repeat(ranks, matrix.lengths)
    hours = (matrix.ts_ms - shift_s * 1000) // _HOUR_MS * _HOUR_MS
    kept = np.ones(len(owners), dtype=bool)
    over: dict[int, int] = {}
    for hour in np.unique(hours):
        within = hours == hour
        present = np.unique(owners[within])
        if len(present) > metric.max_series:
            over[int(hour)] = len(present)
            kept &= ~within | (owners <= present[metric.max_series - 1])
    return _selected(matrix, kept), over


def _ranks(metric: Metric, matrix: Matrix) -> npt.NDArray[np.int64]:
    """For every series of the answer the place of its labels among all."""
    keys = [tuple(sorted(without_bound(metric, labels).items())) for labels in matrix.labels]
    places = {key: place for place, key in enumerate(sorted(set(keys)))}
    return np.array([places[key] for key in keys], dtype=np.int64)


def _selected(matrix: Matrix, kept: npt.NDArray[np.bool_]) -> Matrix:
    count = len(matrix.labels)
    lengths = np.bincount(np.repeat(np.arange(count), matrix.lengths)[kept], minlength=count).astype(np.int64)
    return Matrix(
        labels=[labels for labels, length in zip(matrix.labels, lengths, strict=True) if length],
        lengths=lengths[lengths > 0],
        ts_ms=matrix.ts_ms[kept],
        values=matrix.values.filter(pa.array(kept)),
        warnings=matrix.warnings,
        infos=matrix.infos,
        native_histograms=matrix.native_histograms,
    )
