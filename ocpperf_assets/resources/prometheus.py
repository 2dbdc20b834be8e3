"""Prometheus as a Dagster resource."""

import dagster as dg
from pydantic import PrivateAttr

from ocpperf_assets.clusters.configured import settings_of
from ocpperf_assets.endpoint import UNVERIFIED, endpoint
from ocpperf_assets.promql import PrometheusClient
from ocpperf_assets.promql.identity import recognised
from ocpperf_assets.settings import Settings


class PrometheusResource(dg.ConfigurableResource[PrometheusClient]):
    """Makes clients from the settings at run time, so that no credential is ever part of a run's configuration.

    One client a run and cluster: domains share the connections, and what was learnt of a server that does not answer.
    """

    _clients: dict[str, PrometheusClient] = PrivateAttr(default_factory=dict)

    def client(self, cluster: str) -> PrometheusClient:
        """The run's client for the cluster's endpoint, configured or found. Raises OcpperfError when there is none."""
        if cluster not in self._clients:
            self._clients[cluster] = _connected(settings_of(cluster))
        return self._clients[cluster]

    def teardown_after_execution(self, context: dg.InitResourceContext) -> None:
        for client in self._clients.values():
            client.close()


def _connected(settings: Settings) -> PrometheusClient:
    log = dg.get_dagster_logger()
    if settings.insecure_tls:
        log.warning(UNVERIFIED)
    where = recognised(endpoint(settings))
    log.info(f"Prometheus of {settings.cluster} is asked at {where.described}.")
    for text in where.warnings:
        log.warning(text)
    return PrometheusClient(where)
