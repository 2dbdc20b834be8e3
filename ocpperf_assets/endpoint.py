"""The endpoint that is collected from, for the pipeline and for commands that do without Dagster."""

from ocpperf_assets.authorities import check_bundle
from ocpperf_assets.promql import Endpoint
from ocpperf_assets.promql.tokens import FileToken, GivenToken, TokenSource
from ocpperf_assets.remembered import Remembered
from ocpperf_assets.settings import Settings
from ocpperf_mcp.contracts.errors import OcpperfError

UNVERIFIED = "TLS certificates are not verified (OCPPERF_INSECURE_TLS): whoever is on the way can read the token."


def endpoint(settings: Settings) -> Endpoint:
    """The endpoint the settings name, else the one that is found in the cluster of the Kubernetes credential.

    What was found is remembered for a while: a run's parts do not look for it one by one.
    Raises OcpperfError without either, and for a CA bundle that holds none.
    """
    if settings.prometheus_ca:
        check_bundle(settings.prometheus_ca, "Point OCPPERF_PROMETHEUS_CA at a file with certificates in PEM.")
    return _named(settings, settings.prometheus_url) if settings.prometheus_url else _found.of(settings)


def _named(settings: Settings, url: str) -> Endpoint:
    return Endpoint(
        url=url,
        tokens=_given(settings),
        ca=settings.prometheus_ca,
        insecure=settings.insecure_tls,
        timeout_s=settings.prometheus_timeout.total_seconds(),
        concurrency=settings.prometheus_concurrency,
    )


def _given(settings: Settings) -> TokenSource | None:
    if settings.prometheus_token:
        return GivenToken(settings.prometheus_token)
    return FileToken(settings.prometheus_token_file) if settings.prometheus_token_file else None


def _find(settings: Settings) -> Endpoint:
    # heavy: the Kubernetes client is imported only where there is no address
    from ocpperf_assets.access.connect import kubernetes_api
    from ocpperf_assets.access.discovery import discover

    api = kubernetes_api(settings)
    if api is None:
        raise OcpperfError(
            "No Prometheus is configured, and no Kubernetes credential was found to look for one.",
            "Set OCPPERF_PROMETHEUS_URL, for example http://localhost:9090, or KUBECONFIG.",
        )
    return discover(settings, api, _given(settings))


_found = Remembered(_find)
