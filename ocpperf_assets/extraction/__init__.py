"""From a domain's metrics and hours to staged Parquet."""

from ocpperf_assets.extraction.collect import DomainReport, DomainRequest, MetricReport, collect_domain
from ocpperf_assets.extraction.identity import series_id

__all__ = ["DomainReport", "DomainRequest", "MetricReport", "collect_domain", "series_id"]
