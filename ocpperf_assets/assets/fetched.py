"""What a domain's materialization says of itself: samples, bytes, and the metrics that brought nothing."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import urlencode

import dagster as dg

from ocpperf_assets.assets.plots import columns
from ocpperf_assets.catalogue import Catalogue
from ocpperf_assets.extraction import DomainReport, MetricReport
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


def of_fetched(reports: Sequence[DomainReport], catalogue: Catalogue, address: str) -> Mapping[str, dg.MetadataValue]:
    """What the whole run brought; metrics without a sample link to their expression at `address`."""
    by_hour = sum((Counter(report.by_hour) for report in reports), Counter[int]())
    silent = {metric.metric: metric for report in reports for metric in report.metrics if not metric.samples}
    told: dict[str, dg.MetadataValue] = {
        "series": dg.MetadataValue.int(sum(report.series for report in reports)),
        "failed metrics": dg.MetadataValue.int(sum(len(report.failures) for report in reports)),
        "bytes downloaded": dg.MetadataValue.int(sum(report.bytes for report in reports)),
        "Prometheus": dg.MetadataValue.url(address),
    }
    if len(by_hour) > 1:
        told["samples"] = columns("Samples an hour", _every_hour(by_hour))
    if silent:
        told["metrics without samples"] = _linked(list(silent.values()), catalogue, address)
    return told


def _every_hour(by_hour: Mapping[int, int]) -> list[float | None]:
    return [by_hour.get(hour) for hour in range(min(by_hour), max(by_hour) + _HOUR_MS, _HOUR_MS)]


def _linked(silent: Sequence[MetricReport], catalogue: Catalogue, address: str) -> dg.MarkdownMetadataValue:
    lines = [
        f"- [{metric.metric}]({_graph(address, catalogue.metric(metric.metric).query)}): "
        f"{metric.failure or 'the answer was empty'}"
        for metric in silent[:_LISTED]
    ]
    if len(silent) > _LISTED:
        lines.append(f"- and {len(silent) - _LISTED} more")
    return dg.MetadataValue.md("\n".join(lines))


def _graph(address: str, query: str) -> str:
    """The page of Prometheus and of Thanos that draws an expression."""
    return f"{address}/graph?{urlencode({'g0.expr': query, 'g0.tab': 0, 'g0.range_input': '6h'})}"
