"""Prometheus as a Dagster resource."""

import dagster as dg
from pydantic import PrivateAttr

from ocpperf_assets.endpoint import UNVERIFIED, endpoint
from ocpperf_assets.promql import PrometheusClient
from ocpperf_assets.promql.identity import recognised
from ocpperf_assets.settings import Settings


class PrometheusResource(dg.ConfigurableResource[PrometheusClient]):
    """Makes the client from the settings at run time, so that no credential is ever part of a run's configuration.

    One client a run: its domains share the connections, and what was learnt of a server that does not answer.
    """

    _client: PrometheusClient | None = PrivateAttr(default=None)

    def client(self) -> PrometheusClient:
        """The run's client for the endpoint that is configured, or found. Raises OcpperfError when there is none."""
        if self._client is None:
            settings = Settings()
            log = dg.get_dagster_logger()
            if settings.insecure_tls:
                log.warning(UNVERIFIED)
            where = recognised(endpoint(settings))
            log.info(f"Prometheus is asked at {where.described}.")
            for text in where.warnings:
                log.warning(text)
            self._client = PrometheusClient(where)
        return self._client

    def teardown_after_execution(self, context: dg.InitResourceContext) -> None:
        if self._client is not None:
            self._client.close()
