"""The endpoint that the settings describe, for the pipeline and for commands that do without Dagster."""

import ssl
from pathlib import Path

from ocpperf_assets.promql import Endpoint
from ocpperf_assets.settings import Settings
from ocpperf_mcp.contracts.errors import OcpperfError

UNVERIFIED = "TLS certificates are not verified (OCPPERF_INSECURE_TLS): whoever is on the way can read the token."


def endpoint(settings: Settings) -> Endpoint:
    """The endpoint the settings describe. Raises OcpperfError without a URL, and for a CA bundle that holds none."""
    if not settings.prometheus_url:
        raise OcpperfError(
            "No Prometheus is configured.",
            "Set OCPPERF_PROMETHEUS_URL, for example http://localhost:9090.",
        )
    if settings.prometheus_ca:
        _check_ca(settings.prometheus_ca)
    return Endpoint(
        url=settings.prometheus_url,
        token=settings.prometheus_token,
        token_file=settings.prometheus_token_file,
        ca=settings.prometheus_ca,
        insecure=settings.insecure_tls,
        timeout_s=settings.prometheus_timeout.total_seconds(),
        concurrency=settings.prometheus_concurrency,
    )


def _check_ca(path: Path) -> None:
    """A file, or a directory as OpenSSL hashes it, whose files are looked up one by one when they are needed."""
    next_step = "Point OCPPERF_PROMETHEUS_CA at a file with certificates in PEM."
    if path.is_dir():
        return
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(path)
    except ssl.SSLError:
        raise OcpperfError(f"The CA bundle {path} holds no certificate.", next_step) from None
    except OSError as fault:
        raise OcpperfError(f"The CA bundle {path} cannot be read: {fault.strerror}.", next_step) from None
