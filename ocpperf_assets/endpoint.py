"""The endpoint that is collected from, for the pipeline and for commands that do without Dagster."""

import ssl
from pathlib import Path

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
        _check_ca(settings.prometheus_ca)
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
