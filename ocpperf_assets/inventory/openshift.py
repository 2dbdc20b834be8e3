"""What only OpenShift has: cluster operators and pools of machines."""

from collections.abc import Iterator

from ocpperf_assets.access.api import Json
from ocpperf_assets.inventory.conditions import of_conditions, statuses
from ocpperf_assets.inventory.part import Row
from ocpperf_assets.inventory.plain import part_of, whole


def of_operator(item: Json) -> Iterator[Row]:
    told = statuses(item)
    versions = {one["name"]: one["version"] for one in part_of(item, "status").get("versions") or ()}
    yield (
        "operator",
        {
            "operator": item["metadata"]["name"],
            "version": versions.get("operator"),
            "available": told.get("Available"),
            "progressing": told.get("Progressing"),
            "degraded": told.get("Degraded"),
            "upgradeable": told.get("Upgradeable"),
        },
    )
    yield from of_conditions("clusteroperator", item)


def of_pool(item: Json) -> Iterator[Row]:
    status, told = part_of(item, "status"), statuses(item)
    yield (
        "pool",
        {
            "pool": item["metadata"]["name"],
            "paused": bool(part_of(item, "spec").get("paused")),
            "machines": whole(status.get("machineCount")),
            "ready_machines": whole(status.get("readyMachineCount")),
            "updated_machines": whole(status.get("updatedMachineCount")),
            "unavailable_machines": whole(status.get("unavailableMachineCount")),
            "degraded_machines": whole(status.get("degradedMachineCount")),
            "updated": told.get("Updated"),
            "updating": told.get("Updating"),
            "degraded": told.get("Degraded"),
            "configuration": part_of(status, "configuration").get("name"),
        },
    )
    yield from of_conditions("machineconfigpool", item)
