"""Prometheus as a Dagster resource."""

import dagster as dg

from ocpperf_assets.endpoint import UNVERIFIED, endpoint
from ocpperf_assets.promql import PrometheusClient
from ocpperf_assets.settings import Settings


class PrometheusResource(dg.ConfigurableResource[PrometheusClient]):
    """Makes clients from the settings at run time, so that no credential is ever part of a run's configuration."""

    def client(self) -> PrometheusClient:
        """A client for the configured endpoint. Raises OcpperfError when none is configured."""
        settings = Settings()
        if settings.insecure_tls:
            dg.get_dagster_logger().warning(UNVERIFIED)
        return PrometheusClient(endpoint(settings))
