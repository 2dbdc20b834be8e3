"""Nodes: what they are, what they have, how they say they are."""

from collections.abc import Iterator

from ocpperf_assets.access.api import Json
from ocpperf_assets.inventory.conditions import of_conditions, statuses
from ocpperf_assets.inventory.part import Row, Value
from ocpperf_assets.inventory.plain import moment, number, part_of, whole

_ROLE = "node-role.kubernetes.io/"
_OLD_NAMES = {"master": "control-plane"}


def of_node(item: Json) -> Iterator[Row]:
    metadata, info = item["metadata"], part_of(item, "status", "nodeInfo")
    labels = part_of(metadata, "labels")
    yield (
        "node",
        {
            "node": metadata["name"],
            "roles": _roles(labels),
            "ready": statuses(item).get("Ready"),
            "unschedulable": bool(part_of(item, "spec").get("unschedulable")),
            "taints": [_taint(one) for one in part_of(item, "spec").get("taints") or ()],
            **_resources("", part_of(item, "status", "capacity")),
            **_resources("allocatable_", part_of(item, "status", "allocatable")),
            "kubelet_version": info.get("kubeletVersion"),
            "kernel_version": info.get("kernelVersion"),
            "container_runtime": info.get("containerRuntimeVersion"),
            "os_image": info.get("osImage"),
            "architecture": info.get("architecture"),
            "instance_type": labels.get("node.kubernetes.io/instance-type"),
            "zone": labels.get("topology.kubernetes.io/zone"),
            "created_at": moment(metadata.get("creationTimestamp")),
        },
    )
    yield from of_conditions("node", item)


def _roles(labels: Json) -> list[str]:
    names = (label.removeprefix(_ROLE) for label in labels if label.startswith(_ROLE))
    return sorted({_OLD_NAMES.get(name, name) for name in names if name})


def _taint(taint: Json) -> str:
    """As kubectl writes it."""
    value = f"={taint['value']}" if taint.get("value") else ""
    return f"{taint['key']}{value}:{taint['effect']}"


def _resources(prefix: str, resources: Json) -> dict[str, Value]:
    return {
        f"{prefix}cpu_cores": number(resources.get("cpu")),
        f"{prefix}memory_bytes": whole(resources.get("memory")),
        f"{prefix}ephemeral_storage_bytes": whole(resources.get("ephemeral-storage")),
        f"{prefix}pods": whole(resources.get("pods")),
    }
