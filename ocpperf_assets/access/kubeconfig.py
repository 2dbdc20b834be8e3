"""Where a credential for the Kubernetes API would lie: said without the client, whose import is heavy."""

from pathlib import Path

from ocpperf_assets.settings import Settings
from ocpperf_mcp.contracts.errors import OcpperfError

POD = Path("/var/run/secrets/kubernetes.io/serviceaccount")
"""Where Kubernetes mounts a pod's service account."""
_DEFAULT = "~/.kube/config"


def kubeconfig_files(settings: Settings) -> str:
    """Paths for the client, joined as KUBECONFIG joins them; empty where there is none.

    Raises OcpperfError when KUBECONFIG names files and none of them exists.
    """
    if not settings.kubeconfig:
        return _DEFAULT if Path(_DEFAULT).expanduser().is_file() else ""
    if not any(Path(path).expanduser().is_file() for path in settings.kubeconfig.split(":") if path):
        raise OcpperfError(
            "KUBECONFIG names no file that exists.", "Correct it, or set OCPPERF_PROMETHEUS_URL to do without."
        )
    return settings.kubeconfig


def no_inventory(settings: Settings, pod: Path = POD) -> str | None:
    """Why no inventory is taken, as a sentence; None where it is.

    Who names Prometheus names the cluster: the kubeconfig that happens to lie in the home directory may lead to another
    one.
    """
    if settings.kubernetes is False:
        return "The settings leave the Kubernetes API alone."
    if settings.kubernetes is None and settings.prometheus_url and not (settings.kubeconfig or settings.kube_context):
        return "OCPPERF_PROMETHEUS_URL is set, and neither KUBECONFIG nor OCPPERF_KUBE_CONTEXT names its cluster."
    try:
        found = kubeconfig_files(settings) or (pod / "token").is_file()
    except OcpperfError as fault:
        return fault.what
    return None if found else "There is no kubeconfig, and this is no pod with a service account."


def expects_inventory(settings: Settings) -> bool:
    """Whether somebody might wonder that none is taken: they ask for it, or have a kubeconfig."""
    if settings.kubernetes is not None:
        return settings.kubernetes
    return bool(settings.kubeconfig) or Path(_DEFAULT).expanduser().is_file()
