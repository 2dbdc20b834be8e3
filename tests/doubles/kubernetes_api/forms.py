"""The forms in which the API gives lists: whole objects, their metadata alone, or the columns that kubectl prints."""

from collections.abc import Mapping
from typing import Any

from tests.doubles.kubernetes_api.store import Object

_POD_COLUMNS = ("Name", "Ready", "Status", "Restarts", "Age")


def wanted(accept: str) -> str:
    """`Table`, `PartialObjectMetadataList`, or empty for whole objects."""
    parts = dict(part.strip().split("=", 1) for part in accept.split(";")[1:])
    return parts.get("as", "")


def as_table(resource: str, page: Object, query: Mapping[str, str]) -> dict[str, Any]:
    columns = _POD_COLUMNS if resource == "pods" else ("Name", "Age")
    return {
        "kind": "Table",
        "apiVersion": "meta.k8s.io/v1",
        "metadata": page["metadata"],
        "columnDefinitions": [{"name": name, "type": "string", "priority": 0} for name in columns],
        "rows": [_row(resource, item, query.get("includeObject", "Metadata")) for item in page["items"]],
    }


def as_metadata(page: Object) -> dict[str, Any]:
    return {
        "kind": "PartialObjectMetadataList",
        "apiVersion": "meta.k8s.io/v1",
        "metadata": page["metadata"],
        "items": [{"metadata": item["metadata"]} for item in page["items"]],
    }


def _row(resource: str, item: Object, include: str) -> dict[str, Any]:
    name = item["metadata"]["name"]
    cells = [name, "1/1", printed_status(item), "0", "5d"] if resource == "pods" else [name, "5d"]
    shown: dict[str, dict[str, Any]] = {
        "None": {},
        "Metadata": {"object": {"metadata": item["metadata"]}},
        "Object": {"object": item},
    }
    return {"cells": cells, **shown[include]}


def printed_status(pod: Object) -> str:
    """A container's own reason takes the place of the phase, as in `kubectl get pods`."""
    status = pod["status"]
    waiting = [one["state"]["waiting"]["reason"] for one in status.get("containerStatuses", ())]
    return str([status["phase"], *waiting][-1])
