"""Prometheus as a Dagster resource."""

import dagster as dg
from pydantic import PrivateAttr

from ocpperf_assets.promql import Endpoint, PrometheusClient
from ocpperf_assets.settings import Settings
from ocpperf_mcp.contracts.errors import OcpperfError

UNVERIFIED = "TLS certificates are not verified (OCPPERF_INSECURE_TLS): whoever is on the way can read the token."


class PrometheusResource(dg.ConfigurableResource[PrometheusClient]):
    """Makes the client from the settings at run time, so that no credential is ever part of a run's configuration.

    One client a run: its domains share the connections, and what was learnt of a server that does not answer.
    """

    _client: PrometheusClient | None = PrivateAttr(default=None)

    def client(self) -> PrometheusClient:
        """The run's client for the configured endpoint. Raises OcpperfError when none is configured."""
        if self._client is None:
            settings = Settings()
            if settings.insecure_tls:
                dg.get_dagster_logger().warning(UNVERIFIED)
            self._client = PrometheusClient(endpoint(settings))
        return self._client

    def teardown_after_execution(self, context: dg.InitResourceContext) -> None:
        if self._client is not None:
            self._client.close()


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
