"""The endpoint that the settings describe, for the pipeline and for commands that do without Dagster."""

from ocpperf_assets.promql import Endpoint
from ocpperf_assets.settings import Settings
from ocpperf_mcp.contracts.errors import OcpperfError

UNVERIFIED = "TLS certificates are not verified (OCPPERF_INSECURE_TLS): whoever is on the way can read the token."


def endpoint(settings: Settings) -> Endpoint:
    """The endpoint the settings describe. Raises OcpperfError without a URL, and for a CA bundle that is not there."""
    if not settings.prometheus_url:
        raise OcpperfError(
            "No Prometheus is configured.",
            "Set OCPPERF_PROMETHEUS_URL, for example http://localhost:9090.",
        )
    if settings.prometheus_ca and not settings.prometheus_ca.exists():
        raise OcpperfError(
            f"The CA bundle {settings.prometheus_ca} does not exist.",
            "Point OCPPERF_PROMETHEUS_CA at a file with certificates in PEM.",
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
