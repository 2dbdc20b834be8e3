"""What a domain's materialization says of itself: samples, bytes, and the metrics that brought nothing."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

import dagster as dg

from ocpperf_assets.assets.plots import columns
from ocpperf_assets.catalogue import Catalogue
from ocpperf_assets.extraction import DomainReport
from ocpperf_assets.ingest.staged import Change
from ocpperf_assets.partitions import partition_key

_HOUR_MS = 3_600_000
_LISTED = 20


def rows_by_partition(
    changes: Sequence[Change], reports: Sequence[DomainReport]
) -> Iterator[tuple[dg.MultiPartitionKey, int]]:
    """Samples of each hour that was asked for."""
    for change, report in zip(changes, reports, strict=True):
        by_hour = report.by_hour
        for window in change.window.hours():
            yield partition_key(change.cluster, window.start), by_hour.get(int(window.start.timestamp()) * 1000, 0)


@dataclass(frozen=True)
class Source:
    """Where a report's answers came from: `catalogue` is that of its cluster."""

    cluster: str
    address: str
    catalogue: Catalogue


def of_fetched(reports: Sequence[DomainReport], sources: Sequence[Source]) -> Mapping[str, dg.MetadataValue]:
    """What the whole run brought, each report from its source; metrics without a sample link to their expression."""
    by_hour = sum((Counter(report.by_hour) for report in reports), Counter[int]())
    told: dict[str, dg.MetadataValue] = {
        "series": dg.MetadataValue.int(sum(report.series for report in reports)),
        "failed metrics": dg.MetadataValue.int(sum(len(report.failures) for report in reports)),
        "bytes downloaded": dg.MetadataValue.int(sum(report.bytes for report in reports)),
        **_addresses(sources),
    }
    if len(by_hour) > 1:
        told["samples"] = columns("Samples an hour", _every_hour(by_hour))
    if silent := _silent(reports, sources):
        told["metrics without samples"] = _listed(silent)
    return told


def _addresses(sources: Sequence[Source]) -> Mapping[str, dg.MetadataValue]:
    by_cluster = {source.cluster: dg.MetadataValue.url(source.address) for source in sources}
    if len(by_cluster) == 1:
        return {"Prometheus": next(iter(by_cluster.values()))}
    return {f"Prometheus of {cluster}": address for cluster, address in by_cluster.items()}


def _silent(reports: Sequence[DomainReport], sources: Sequence[Source]) -> list[str]:
    """A line for each metric of a cluster that brought nothing."""
    several = len({source.cluster for source in sources}) > 1
    lines = {}
    for report, source in zip(reports, sources, strict=True):
        for metric in report.metrics:
            if not metric.samples:
                where = f" of {source.cluster}" if several else ""
                graph = _graph(source.address, source.catalogue.metric(metric.metric).query)
                said = metric.failure or "the answer was empty"
                lines[source.cluster, metric.metric] = f"- [{metric.metric}]({graph}){where}: {said}"
    return list(lines.values())


def _every_hour(by_hour: Mapping[int, int]) -> list[float | None]:
    return [by_hour.get(hour) for hour in range(min(by_hour), max(by_hour) + _HOUR_MS, _HOUR_MS)]


def _listed(lines: Sequence[str]) -> dg.MarkdownMetadataValue:
    more = [f"- and {len(lines) - _LISTED} more"] if len(lines) > _LISTED else []
    return dg.MetadataValue.md("\n".join([*lines[:_LISTED], *more]))


def _graph(address: str, query: str) -> str:
    """The page of Prometheus and of Thanos that draws an expression."""
    return f"{address}/graph?{urlencode({'g0.expr': query, 'g0.tab': 0, 'g0.range_input': '6h'})}"
