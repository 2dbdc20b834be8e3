"""Where an inventory is taken and where not: never of a cluster that nobody named."""

from pathlib import Path
from typing import Any

import pytest

from ocpperf_assets.access.kubeconfig import expects_inventory, no_inventory
from tests.ocpperf_assets.access.conftest import settings_for

URL: dict[str, Any] = {"prometheus_url": "https://host"}
UNNAMED = "OCPPERF_PROMETHEUS_URL is set, and neither KUBECONFIG nor OCPPERF_KUBE_CONTEXT names its cluster."
NOBODY = "There is no kubeconfig, and this is no pod with a service account."


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({}, None),
        (URL, UNNAMED),
        (URL | {"kube_context": "lab"}, None),
        (URL | {"kubernetes": True}, None),
        (URL | {"kubeconfig": "/nowhere"}, "KUBECONFIG names no file that exists."),
        ({"kubernetes": False}, "The settings leave the Kubernetes API alone."),
    ],
)
def test_beside_an_address_only_a_cluster_that_is_named_is_asked(
    values: dict[str, Any], reason: str | None, tmp_path: Path
) -> None:
    """There is a kubeconfig in the home directory, which may lead anywhere."""
    (tmp_path / ".kube").mkdir()
    (tmp_path / ".kube" / "config").touch()
    assert no_inventory(settings_for(**values)) == reason
    assert expects_inventory(settings_for(**values)) is values.get("kubernetes", True)


def test_a_pod_asks_with_its_service_account(pod: Path) -> None:
    assert no_inventory(settings_for(), pod) is None
    assert no_inventory(settings_for(**URL), pod) == UNNAMED
    assert no_inventory(settings_for(), pod / "nothing") == NOBODY
    assert not expects_inventory(settings_for())
