"""One part of the inventory: what it asks the Kubernetes API for, and how the answer becomes rows."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from ocpperf_assets.inventory.asker import Asker

State = Literal["ok", "forbidden", "absent", "timeout", "error", "not_applicable", "off"]
"""How a part ended. Every state but `ok` leaves no row: what is not known is not zero.

`absent`: the API does not serve that, or there is no such object. `not_applicable`: a part of OpenShift elsewhere.
`off`: a setting says that it is not asked for.
"""

Value = str | int | float | bool | datetime | Sequence[str] | None
"""A column: times are UTC without their label, as the warehouse has them."""
Row = tuple[str, Mapping[str, Value]]
"""The table without its prefix `raw_inventory_`, and the columns but for `cluster` and `taken_at`."""
Read = Callable[[Asker, str], Iterator[Row]]
"""Asks for a path and makes rows of what comes. Raises ApiError, AbsentError and PatienceError."""


@dataclass(frozen=True)
class Part:
    """An entry of `PARTS`. Group, resource and the right it takes follow from the path."""

    name: str
    path: str
    read: Read
    what: str
    """What the inventory lacks without it, in words."""
    kind: str | None = None
    """The kind of objects it counts, where it does."""
    openshift_only: bool = False
    sensitive: bool = False
    """Whether the right to it lets its bearer read what nobody should: it is in a role of its own, bound to nobody."""

    @property
    def group(self) -> str:
        """The API group that serves it, empty for the core and for what is beside the resources."""
        _, root, *rest = self.path.split("/")
        return rest[0] if root == "apis" else ""

    @property
    def resource(self) -> str:
        """As in RBAC; empty for what is no resource, like `/version`."""
        return next(iter(self._address), "")

    @property
    def object_name(self) -> str:
        """The one object it is about; empty for a list."""
        return next(iter(self._address[1:]), "")

    @property
    def _address(self) -> list[str]:
        _, root, *rest = self.path.split("/")
        return rest[2:] if root == "apis" else rest[1:]
