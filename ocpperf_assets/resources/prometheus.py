"""Prometheus as a Dagster resource."""

import dagster as dg

from ocpperf_assets.promql import Endpoint, PrometheusClient
from ocpperf_assets.settings import Settings
from ocpperf_mcp.contracts.errors import OcpperfError

UNVERIFIED = "TLS certificates are not verified (OCPPERF_INSECURE_TLS): whoever is on the way can read the token."


class PrometheusResource(dg.ConfigurableResource[PrometheusClient]):
    """Makes clients from the settings at run time, so that no credential is ever part of a run's configuration."""

    def client(self) -> PrometheusClient:
        """A client for the configured endpoint. Raises OcpperfError when none is configured."""
        settings = Settings()
        if settings.insecure_tls:
            dg.get_dagster_logger().warning(UNVERIFIED)
        return PrometheusClient(endpoint(settings))


def endpoint(settings: Settings) -> Endpoint:
    """The endpoint the settings describe. Raises OcpperfError without a URL."""
    if not settings.prometheus_url:
        raise OcpperfError(
            "No Prometheus is configured.",
            "Set OCPPERF_PROMETHEUS_URL, for example http://localhost:9090.",
        )
    return Endpoint(
        url=settings.prometheus_url,
        token=settings.prometheus_token,
        token_file=settings.prometheus_token_file,
        ca=settings.prometheus_ca,
        insecure=settings.insecure_tls,
        timeout_s=settings.prometheus_timeout.total_seconds(),
        concurrency=settings.prometheus_concurrency,
    )
