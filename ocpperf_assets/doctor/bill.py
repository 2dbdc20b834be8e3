"""What collecting the catalogue asks of the server, the network and the disk."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from ocpperf_assets.catalogue import Metric
from ocpperf_assets.doctor.answers import Answered
from ocpperf_assets.extraction.plan import Grid, next_piece
from ocpperf_assets.extraction.truncate import without_bound
from ocpperf_mcp.contracts.windows import HOUR, Window

DAY = timedelta(days=1)
WAREHOUSE_BYTES = 20
"""Bytes a stored sample takes in a published slot, with its share of every derived table.

Measured with `ocpperf demo` of 24 and of 72 hours (9 nodes, 545 series): 18.4 MB for 687,000 samples and bucket points,
45.1 MB for 2,061,000, so 19.5 bytes for each further one; tables that stay small take about 5 MB beside it.
"""
SLOTS = 2
_STORED_A_STATE = 2
"""A state that does not change is stored at both ends of an hour."""
_NODE_LABELS = ("node", "instance", "pod", "device")
_MOMENT = datetime(2026, 1, 1, tzinfo=UTC)
"""A full hour; a bill is the same for each."""


@dataclass(frozen=True)
class Item:
    """One metric's part. `*_day`: in 24 hours."""

    metric: Metric
    series: int
    """Buckets counted in full."""
    kept: int
    """Series as `max_series` counts them."""
    queries_hour: int
    queries_day: int
    """Of 24 hours asked for at once."""
    samples_day: int
    stored_day: int
    touched_day: int | None
    """Samples the server goes through, where it tells."""


@dataclass(frozen=True)
class Bill:
    """The sum of its items."""

    items: tuple[Item, ...]
    raw_days: float
    """Days for which raw samples are kept."""

    def total(self, field: str) -> int:
        return sum(getattr(item, field) or 0 for item in self.items)

    @property
    def touched_day(self) -> int | None:
        """None where the server does not tell what a query goes through."""
        told = [item.touched_day for item in self.items if item.touched_day is not None]
        return sum(told) if told else None

    @property
    def truncated(self) -> list[str]:
        """Metrics with more series than they may have."""
        return [item.metric.name for item in self.items if item.kept > item.metric.max_series]

    @property
    def disk_day(self) -> float:
        """Bytes a day of samples takes in one slot."""
        return self.total("stored_day") * WAREHOUSE_BYTES

    @property
    def disk(self) -> float:
        """Bytes of both slots when they hold all the raw samples that are kept."""
        return self.disk_day * self.raw_days * SLOTS

    def download_day(self, sample_bytes: float) -> float:
        """Bytes of a day's answers, with those of one sample (JSON, uncompressed) as measured."""
        return self.total("samples_day") * sample_bytes


def make_bill(answers: Sequence[Answered], step_s: int, raw_days: float, *, nodes: int | None = None) -> Bill:
    """The bill at a step, with samples kept that many days; `nodes`: as for a cluster of that many."""
    present = count_nodes(answers)
    growth = nodes / present if nodes and present else 1.0
    items = (_item(one, step_s, growth if grows(one, present) else 1.0) for one in answers)
    return Bill(tuple(items), raw_days)


def count_nodes(answers: Sequence[Answered]) -> int:
    """Nodes of the cluster: the values of the label `node` in what answered, else those of `instance`."""
    for label in ("node", "instance"):
        if found := {value for one in answers for labels in one.labels if (value := labels.get(label))}:
            return len(found)
    return 0


def grows(answered: Answered, nodes: int) -> bool:
    """Whether series come with nodes: a label that names a node, or something on one, has about as many values.

    What only the control plane has, such as etcd's members, does not grow with the workers.
    """
    values = [{one.get(label) for one in answered.labels} - {None} for label in _NODE_LABELS]
    return any(found and len(found) >= 0.75 * nodes for found in values)


def queries(metric: Metric, step_s: int, series: int, length: timedelta) -> int:
    """Queries a whole range takes: the first is cut for as many series as the metric may have, the others as found."""
    grid, end = Grid.of(metric, step_s), _MOMENT + length
    start, expected, count = _MOMENT, metric.max_series, 0
    while start < end:
        start = next_piece(Window(start, end), grid, expected).end
        expected, count = max(series, 1), count + 1
    return count


def _item(answered: Answered, step_s: int, growth: float) -> Item:
    metric = answered.metric
    series = math.ceil(answered.series * growth)
    points = round(DAY.total_seconds() / Grid.of(metric, step_s).step_s)
    touched = answered.samples_touched
    return Item(
        metric,
        series,
        math.ceil(len({_without_bound(metric, one) for one in answered.labels}) * growth),
        queries(metric, step_s, series, HOUR),
        queries(metric, step_s, series, DAY),
        series * points,
        series * (min(points, 24 * _STORED_A_STATE) if metric.kind == "state" else points),
        None if touched is None else math.ceil(touched * growth) * points,
    )


def _without_bound(metric: Metric, labels: Mapping[str, str]) -> frozenset[tuple[str, str]]:
    return frozenset(without_bound(metric, labels).items())
