"""Whether the Kubernetes API is asked, and what is lost by each right that is missing there, as lines."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ocpperf_assets.access.kubeconfig import expects_inventory, no_inventory
from ocpperf_assets.doctor.line import Line, listed, ok, warning
from ocpperf_assets.etcd_status.warning import ETCD_EXEC_ON
from ocpperf_assets.settings import Settings
from ocpperf_mcp.contracts.errors import OcpperfError

if TYPE_CHECKING:
    from ocpperf_assets.access.api import KubernetesApi
    from ocpperf_assets.access.permissions import Permission


def of_access(settings: Settings) -> Iterator[Line]:
    """Lines on the API and the rights there. Raises OcpperfError when Prometheus is looked for and cannot be for it."""
    if settings.prometheus_url:
        yield from _beside_an_address(settings)
        return
    # heavy: the Kubernetes client is imported only where the API is asked
    from ocpperf_assets.access.connect import kubernetes_api
    from ocpperf_assets.access.permissions import is_given, of_use

    api = kubernetes_api(settings)
    if api is None:
        yield ok("The Kubernetes API is not asked: there is no kubeconfig, and this is no pod with a service account.")
        return
    wanted = of_use(api, settings.service_account)
    yield ok(f"The Kubernetes API at {api.address} answers, asked with {api.credentials.origin}.")
    yield from of_rights(wanted, [one for one in wanted if not is_given(api, one)])
    if reason := no_inventory(settings):
        yield ok(f"No inventory is taken: {reason}")
    else:
        yield from _of_inventory(api, settings)


def _beside_an_address(settings: Settings) -> Iterator[Line]:
    """Where Prometheus is known, the inventory alone needs the API: what is wrong there stops nothing."""
    if reason := no_inventory(settings):
        yield ok("The Kubernetes API is not asked where Prometheus is: its address is given.")
        if expects_inventory(settings):
            yield ok(f"No inventory is taken: {reason}")
        return
    from ocpperf_assets.access.connect import kubernetes_api

    try:
        api = kubernetes_api(settings)
        if api is not None:
            lines = [*_of_inventory(api, settings)]
            yield ok(f"The Kubernetes API at {api.address} answers, and is asked for the inventory alone.")
            yield from lines
    except OcpperfError as error:
        yield warning(f"No inventory can be taken: {error.what}", error.next_step)


def _of_inventory(api: "KubernetesApi", settings: Settings) -> Iterator[Line]:
    from ocpperf_assets.access.permissions import is_given, of_etcd_exec, of_inventory

    wanted = of_inventory(api)
    yield from of_inventory_rights(wanted, [one for one in wanted if not is_given(api, one)])
    if settings.etcd_exec:
        yield warning(ETCD_EXEC_ON, "")
        needed = of_etcd_exec(api)
        missing = [one for one in needed if not is_given(api, one)]
        yield from of_rights(needed, missing) if missing else [ok("It gives the rights to run etcdctl.")]


def of_inventory_rights(wanted: "Sequence[Permission]", missing: "Sequence[Permission]") -> Iterator[Line]:
    """One line for all: what is not given is recorded as forbidden each hour, and nothing else depends on it."""
    from ocpperf_assets.access.permissions import INVENTORY, SECRETS

    lacking = [f"{one}" for one in missing if one.role == INVENTORY]
    if lacking:
        yield warning(
            f"{len(lacking)} of {len(wanted)} rights for the inventory are missing: {listed(lacking)}; without them, "
            "their parts are recorded as forbidden.",
            f"Bind the role {INVENTORY} of deploy/rbac.yaml, or set OCPPERF_KUBERNETES=0.",
        )
    else:
        yield ok(f"It gives the {len(wanted) - len(missing)} rights that the inventory needs.")
    if any(one.role == SECRETS for one in missing):
        yield ok("Secrets are not counted: whoever may list them may read what they hold.")


def of_rights(wanted: "Sequence[Permission]", missing: "Sequence[Permission]") -> Iterator[Line]:
    """A line for each right that is missing."""
    if not missing:
        yield ok(f"It gives the {len(wanted)} rights that are of use here.")
    for one in missing:
        names = f" {' and '.join(one.names)}" if one.names else ""
        place = f" in {one.namespace}" if one.namespace else " in every namespace"
        yield warning(f"The right to {one}{names}{place} is missing; without it, {one.lost_without}.", one.instead)
