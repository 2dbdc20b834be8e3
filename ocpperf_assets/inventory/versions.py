"""What the cluster is as a whole: versions, platform, network."""

from collections.abc import Iterator

from ocpperf_assets.access.api import Json
from ocpperf_assets.inventory.conditions import of_conditions
from ocpperf_assets.inventory.part import Row
from ocpperf_assets.inventory.plain import moment, part_of


def of_kubernetes(told: Json) -> Iterator[Row]:
    yield "cluster", {"kubernetes_version": told["gitVersion"], "api_platform": told.get("platform")}


def of_cluster_version(item: Json) -> Iterator[Row]:
    """The version is the last one whose update was completed, as `oc get clusterversion` shows it."""
    history = part_of(item, "status").get("history") or []
    completed = [one for one in history if one["state"] == "Completed"]
    yield (
        "cluster",
        {
            "version": completed[0]["version"] if completed else None,
            "desired_version": part_of(item, "status", "desired").get("version"),
            "channel": part_of(item, "spec").get("channel") or None,
            "cluster_id": part_of(item, "spec").get("clusterID"),
        },
    )
    for one in history:
        yield (
            "update",
            {
                "version": one["version"],
                "state": one["state"],
                "started_at": moment(one.get("startedTime")),
                "completed_at": moment(one.get("completionTime")),
            },
        )
    yield from of_conditions("clusterversion", item)


def of_infrastructure(item: Json) -> Iterator[Row]:
    status = part_of(item, "status")
    yield (
        "cluster",
        {
            "platform": part_of(status, "platformStatus").get("type") or status.get("platform"),
            "infrastructure_name": status.get("infrastructureName"),
            "api_address": status.get("apiServerURL"),
            "control_plane_topology": status.get("controlPlaneTopology"),
            "infrastructure_topology": status.get("infrastructureTopology"),
        },
    )


def of_network(item: Json) -> Iterator[Row]:
    status = part_of(item, "status")
    yield (
        "cluster",
        {
            "network_type": status.get("networkType"),
            "network_mtu_bytes": status.get("clusterNetworkMTU"),
            "pod_cidrs": [str(one["cidr"]) for one in status.get("clusterNetwork") or ()],
            "service_cidrs": [str(one) for one in status.get("serviceNetwork") or ()],
        },
    )
