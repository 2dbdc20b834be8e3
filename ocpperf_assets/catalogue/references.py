"""Checks of what entries say about each other."""

from collections.abc import Iterator, Mapping

from ocpperf_assets.catalogue.document import Placed
from ocpperf_assets.catalogue.faults import Fault, nearest
from ocpperf_assets.catalogue.metric import MetricEntry
from ocpperf_assets.catalogue.vocabulary import Kind

_REFERENCES: dict[str, Kind] = {"quantile_of": "histogram", "sum_metric": "gauge", "count_metric": "gauge"}


def check_references(entries: Mapping[str, Placed[MetricEntry]]) -> Iterator[Fault]:
    """Names of other entries must exist and be of the right kind; a mean needs both of its halves."""
    for placed in entries.values():
        entry = placed.entry
        if entry is None:
            continue
        for field, kind in _REFERENCES.items():
            if getattr(entry, field):
                yield from _reference(placed, field, getattr(entry, field), kind, entries)
        if (entry.sum_metric is None) != (entry.count_metric is None):
            yield placed.fault("sum_metric", "sum_metric and count_metric are given together or not at all")


def _reference(
    placed: Placed[MetricEntry], field: str, name: str, kind: Kind, entries: Mapping[str, Placed[MetricEntry]]
) -> Iterator[Fault]:
    named = entries.get(name)
    if named is None:
        of_kind = [other.name for other in entries.values() if other.entry and other.entry.kind == kind]
        yield placed.fault(field, f"there is no metric '{name}'{nearest(name, of_kind)}")
    elif named.entry and named.entry.kind != kind:
        yield placed.fault(field, f"expected a metric of kind {kind}, '{name}' is of kind {named.entry.kind}")
