"""Objects of a cluster, by API group, version and resource, and how they are listed."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Object = Mapping[str, Any]


@dataclass(frozen=True)
class Resource:
    """A kind of object; the core group is empty."""

    group: str
    version: str
    name: str


@dataclass
class Store:
    """What the cluster has. A resource that was never added does not exist there."""

    objects: dict[Resource, list[Object]] = field(default_factory=dict)
    tells_what_remains: bool = True
    """The real API may leave out `remainingItemCount` wherever it likes."""

    @property
    def groups(self) -> dict[str, list[str]]:
        """Versions of every group but the core's, as `/apis` tells them."""
        found: dict[str, list[str]] = {}
        for resource in self.objects:
            if resource.group and resource.version not in found.setdefault(resource.group, []):
                found[resource.group].append(resource.version)
        return found

    def add(self, group: str, version: str, resource: str, *objects: Object) -> None:
        """Objects in the order in which lists have them; without any, the resource exists and is empty."""
        self.objects.setdefault(Resource(group, version, resource), []).extend(objects)

    def find(self, resource: Resource, namespace: str, name: str) -> Object | None:
        return next((one for one in self.within(resource, namespace) if one["metadata"]["name"] == name), None)

    def within(self, resource: Resource, namespace: str) -> list[Object]:
        """Those of a namespace; all where it is empty."""
        every = self.objects.get(resource, [])
        return [one for one in every if one["metadata"].get("namespace", "") == namespace] if namespace else every

    def page(self, resource: Resource, namespace: str, query: Mapping[str, str]) -> Object:
        """A list as the API answers it: `labelSelector`, `fieldSelector` (equality), `limit`, `continue`.

        What remains is counted only where nothing is selected, as by the real API.
        """
        every = self.within(resource, namespace)
        selects = {"labelSelector", "fieldSelector"} & set(query)
        selected = [one for one in every if _is_selected(one, query)] if selects else every
        first = int(base64.b64decode(query["continue"])) if query.get("continue") else 0
        limit = int(query.get("limit") or 0) or len(selected)
        left = max(len(selected) - first - limit, 0)
        metadata: dict[str, Any] = {"resourceVersion": "1"}
        if left:
            metadata["continue"] = base64.b64encode(str(first + limit).encode()).decode()
            if not selects and self.tells_what_remains:
                metadata["remainingItemCount"] = left
        return {"kind": "List", "metadata": metadata, "items": selected[first : first + limit]}


def _is_selected(item: Object, query: Mapping[str, str]) -> bool:
    metadata = item["metadata"]
    fields = {f"metadata.{name}": metadata.get(name) for name in ("name", "namespace")}
    wanted = ((query.get("labelSelector", ""), metadata.get("labels") or {}), (query.get("fieldSelector", ""), fields))
    return all(known.get(name) == value for text, known in wanted for name, value in _pairs(text))


def _pairs(selector: str) -> list[tuple[str, str]]:
    parts = [part.replace("==", "=").partition("=") for part in selector.split(",") if part]
    return [(name, value) for name, _, value in parts]
