"""The Kubernetes API of the settings' cluster: one client for a process, whoever asks."""

from ocpperf_assets.access.api import KubernetesApi
from ocpperf_assets.access.credentials import find_credentials
from ocpperf_assets.remembered import Remembered
from ocpperf_assets.settings import Settings


def _connect(settings: Settings) -> KubernetesApi | None:
    if not settings.kubernetes:
        return None
    credentials = find_credentials(settings)
    return KubernetesApi(credentials) if credentials else None


_apis = Remembered(_connect)


def kubernetes_api(settings: Settings) -> KubernetesApi | None:
    """None without a credential, or where the settings leave the API alone.

    Asks nothing yet, but runs a kubeconfig's exec plugin. Raises OcpperfError.
    """
    return _apis.of(settings)
