"""The conditions that every kind of object states in the same form."""

from collections.abc import Iterator, Mapping

from ocpperf_assets.access.api import Json
from ocpperf_assets.inventory.part import Row
from ocpperf_assets.inventory.plain import MESSAGE, REASON, bounded, moment, part_of
from ocpperf_assets.inventory.reading import RowsOf


def of_conditions(kind: str, item: Json) -> Iterator[Row]:
    """A row a condition, of one that is stated twice the last; `kind`: what the object is, in a word."""
    for condition in {one["type"]: one for one in _conditions(item)}.values():
        yield (
            "condition",
            {
                "object_kind": kind,
                "object_name": item["metadata"]["name"],
                "condition": condition["type"],
                "status": condition.get("status"),
                "reason": bounded(condition.get("reason"), REASON),
                "message": bounded(condition.get("message"), MESSAGE),
                "since": moment(condition.get("lastTransitionTime")),
            },
        )


def conditions_alone(kind: str) -> RowsOf:
    """Of an object nothing but its conditions."""
    return lambda item: of_conditions(kind, item)


def statuses(item: Json) -> Mapping[str, str | None]:
    """`True`, `False` or `Unknown` by condition, exactly as Kubernetes has them."""
    return {str(one["type"]): one.get("status") for one in _conditions(item)}


def _conditions(item: Json) -> list[Json]:
    return part_of(item, "status").get("conditions") or []
