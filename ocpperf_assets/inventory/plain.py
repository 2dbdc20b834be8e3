"""Values of Kubernetes' objects as the warehouse has them."""

from datetime import UTC, datetime

from kubernetes.utils.quantity import parse_quantity

from ocpperf_assets.access.api import Json

MESSAGE, REASON = 300, 100
"""Characters that are kept of texts of the cluster."""


def moment(text: object) -> datetime | None:
    """A time of the API, as UTC without its label; None where it is left out. Raises ValueError."""
    return datetime.fromisoformat(str(text)).astimezone(UTC).replace(tzinfo=None) if text else None


def number(quantity: object) -> float | None:
    """`16`, `3500m`, `32Gi` in the unit itself; None where it is left out. Raises ValueError."""
    return float(parse_quantity(quantity)) if quantity is not None else None


def whole(quantity: object) -> int | None:
    """The same as a whole number, such as bytes."""
    value = number(quantity)
    return None if value is None else round(value)


def bounded(text: object, most: int) -> str | None:
    """One line of at most so many characters; None where there is none."""
    line = " ".join(str(text or "").split())
    return (line if len(line) <= most else line[: most - 1] + "…") or None


def part_of(item: Json, *names: str) -> Json:
    """What lies at that path of an object, empty where it is left out."""
    for name in names:
        item = item.get(name) or {}
    return item
