"""Whether the Kubernetes API is asked, and what is lost by each right that is missing there, as lines."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ocpperf_assets.doctor.line import Line, ok, warning
from ocpperf_assets.settings import Settings

if TYPE_CHECKING:
    from ocpperf_assets.access.permissions import Permission


def of_access(settings: Settings) -> Iterator[Line]:
    """Lines on the API and the rights there. Raises OcpperfError when its credential or the API itself is at fault."""
    if settings.prometheus_url:
        yield ok("The Kubernetes API is not asked: OCPPERF_PROMETHEUS_URL says where Prometheus is.")
        return
    # heavy: the Kubernetes client is imported only where there is no address
    from ocpperf_assets.access.connect import kubernetes_api
    from ocpperf_assets.access.permissions import is_given, of_use

    api = kubernetes_api(settings)
    if api is None:
        yield ok("The Kubernetes API is not asked: there is no kubeconfig, and this is no pod with a service account.")
        return
    wanted = of_use(api, settings.service_account)
    yield ok(f"The Kubernetes API at {api.address} answers, asked with {api.credentials.origin}.")
    yield from of_rights(wanted, [one for one in wanted if not is_given(api, one)])


def of_rights(wanted: "Sequence[Permission]", missing: "Sequence[Permission]") -> Iterator[Line]:
    """A line for each right that is missing."""
    if not missing:
        yield ok(f"It gives the {len(wanted)} rights that are of use here.")
    for one in missing:
        names = f" {' and '.join(one.names)}" if one.names else ""
        place = f" in {one.namespace}" if one.namespace else " in every namespace"
        yield warning(f"The right to {one}{names}{place} is missing; without it, {one.lost_without}.", one.instead)
