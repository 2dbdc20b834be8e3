"""Dagster resources: Prometheus to read from, the warehouse to write to."""

from ocpperf_assets.resources.prometheus import PrometheusResource
from ocpperf_assets.resources.warehouse import WarehouseResource

__all__ = ["PrometheusResource", "WarehouseResource"]
