"""The endpoint that is collected from, for the pipeline and for commands that do without Dagster."""

import ssl
import threading
import time
from pathlib import Path
from typing import NamedTuple

from ocpperf_assets.promql import Endpoint
from ocpperf_assets.promql.tokens import FileToken, GivenToken, TokenSource
from ocpperf_assets.settings import Settings
from ocpperf_mcp.contracts.errors import OcpperfError

UNVERIFIED = "TLS certificates are not verified (OCPPERF_INSECURE_TLS): whoever is on the way can read the token."
_HOLDS_S = 600.0


class _Known(NamedTuple):
    settings: Settings
    endpoint: Endpoint
    at_s: float


_known: dict[str, _Known] = {}
_finding = threading.Lock()


def endpoint(settings: Settings) -> Endpoint:
    """The endpoint the settings name, else the one that is found in the cluster of the Kubernetes credential.

    What was found holds for ten minutes, so that a run's parts do not look for it one by one.
    Raises OcpperfError without either, and for a CA bundle that holds none.
    """
    if settings.prometheus_ca:
        _check_ca(settings.prometheus_ca)
    return _named(settings, settings.prometheus_url) if settings.prometheus_url else _found(settings)


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


def _found(settings: Settings) -> Endpoint:
    with _finding:
        known = _known.get(settings.cluster)
        if known and known.settings == settings and time.monotonic() - known.at_s < _HOLDS_S:
            return known.endpoint
        found = _find(settings)
        _known[settings.cluster] = _Known(settings, found, time.monotonic())
        return found


def _find(settings: Settings) -> Endpoint:
    # heavy: the Kubernetes client is imported only where there is no address
    from ocpperf_assets.access.api import KubernetesApi
    from ocpperf_assets.access.credentials import find_credentials
    from ocpperf_assets.access.discovery import discover

    credentials = find_credentials(settings)
    if credentials is None:
        raise OcpperfError(
            "No Prometheus is configured, and no Kubernetes credential was found to look for one.",
            "Set OCPPERF_PROMETHEUS_URL, for example http://localhost:9090, or KUBECONFIG.",
        )
    return discover(settings, KubernetesApi(credentials), _given(settings))


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
