"""What the Kubernetes API is asked with: a kubeconfig's context, or the service account of the pod we run in."""

import threading
from collections.abc import Callable
from pathlib import Path

import yaml
from kubernetes.client import ApiException, Configuration
from kubernetes.config import ConfigException, list_kube_config_contexts, load_kube_config
from kubernetes.config.incluster_config import InClusterConfigLoader
from urllib3.exceptions import HTTPError

from ocpperf_assets.access.kubeconfig import POD, kubeconfig_files
from ocpperf_assets.settings import Settings
from ocpperf_mcp.contracts.errors import OcpperfError

# Their texts may repeat a whole entry of the file, with its token.
_FAULTS = (
    *(ConfigException, yaml.YAMLError, OSError, ValueError, TypeError, KeyError, AttributeError),
    *(HTTPError, ApiException),  # of an identity provider that is asked for a new token
)


class Credentials:
    """One way in. `pod` is the directory of the service account when it is that of our own pod, else None.

    Thread-safe. The client itself runs a kubeconfig's exec plugin, and again when what it gave has expired.
    """

    def __init__(
        self, load: Callable[[Configuration], None], origin: str, *, pod: Path | None = None, insecure: bool = False
    ) -> None:
        """`load` fills a configuration, from files as they are now; `origin` says in words which they are."""
        self.origin = origin
        self.pod = pod
        self.insecure = insecure
        self.configuration = Configuration(retries=1)
        self._load = load
        self._lock = threading.Lock()
        self._read()

    def bearer(self) -> str | None:
        """The bearer token to send now; None where the API knows us by a certificate or a password."""
        with self._lock:
            return self._bearer()

    def renewed(self, refused: str | None) -> bool:
        """Read the files again after a 401; whether there is another token than the refused one."""
        with self._lock:
            if self._bearer() == refused:
                try:
                    self._read()
                except OcpperfError:
                    return False
            return self._bearer() not in (None, refused)

    def _bearer(self) -> str | None:
        try:
            key = self.configuration.get_api_key_with_prefix("BearerToken") or ""
        except _FAULTS:
            raise self._unusable() from None
        scheme, _, token = key.partition(" ")
        return token.strip() or None if scheme.lower() == "bearer" else None

    def _read(self) -> None:
        try:
            self._load(self.configuration)
        except _FAULTS:
            raise self._unusable() from None
        # A kubeconfig that says insecure-skip-tls-verify does not decide this.
        self.configuration.verify_ssl = not self.insecure

    def _unusable(self) -> OcpperfError:
        return OcpperfError(
            f"The Kubernetes credential cannot be used: {self.origin}.",
            "Log in to the cluster again, or set OCPPERF_PROMETHEUS_URL.",
        )


def find_credentials(settings: Settings, pod: Path = POD) -> Credentials | None:
    """The kubeconfig's context, else the pod's service account, else None.

    Raises OcpperfError for a kubeconfig that is named and missing, or that cannot be used.
    """
    files = kubeconfig_files(settings)
    if files:
        return _of_kubeconfig(files, settings)
    if (pod / "token").is_file():
        loader = InClusterConfigLoader(token_filename=pod / "token", cert_filename=pod / "ca.crt")
        return Credentials(
            loader.load_and_set, "the service account of this pod", pod=pod, insecure=settings.insecure_tls
        )
    return None


def _of_kubeconfig(files: str, settings: Settings) -> Credentials:
    # Kept by name: who switches the current context meanwhile does not send us to another cluster.
    context = settings.kube_context or _current_context(files)

    def load(configuration: Configuration) -> None:
        load_kube_config(config_file=files, context=context, client_configuration=configuration)

    found = Credentials(load, f"context {context} of {files}", insecure=settings.insecure_tls)
    host, known = found.configuration.host, found.configuration
    if host.startswith("https://") and not (known.api_key or known.cert_file):
        raise OcpperfError(
            f"Context {context} of {files} gives no credential.",
            "Log in to the cluster again, or see what its exec plugin says.",
        )
    return found


def _current_context(files: str) -> str:
    try:
        return str(list_kube_config_contexts(files)[1]["name"])
    except _FAULTS:
        raise OcpperfError(
            f"The kubeconfig {files} cannot be used: it has no usable current context.",
            "Set OCPPERF_KUBE_CONTEXT, or OCPPERF_PROMETHEUS_URL to do without.",
        ) from None
