"""Numbers of charts as a person reads them at a glance."""

from dataclasses import dataclass

MIB, GIB = 1024**2, 1024**3


@dataclass(frozen=True)
class Scale:
    """How the numbers of one unit are written: multiplied by `factor`, in `unit`."""

    factor: float
    unit: str
    digits: int = 4


def scale_of(highest: float, unit: str) -> Scale:
    """Seconds as ms below a second, ratios as percent, bytes as MiB or GiB by the highest that is shown."""
    if unit == "seconds":
        return Scale(1000, "ms", 3) if abs(highest) < 1 else Scale(1, "s", 3)
    if unit == "ratio":
        return Scale(100, "%", 3)
    bytes_, of_time, _ = unit.partition("_per_second")
    if bytes_ == "bytes":
        per = " per second" if of_time else ""
        return Scale(1 / GIB, f"GiB{per}") if abs(highest) >= GIB else Scale(1 / MIB, f"MiB{per}")
    return Scale(1, "" if unit == "count" else unit.replace("_", " "))


def quantity(value: float | None, unit: str = "") -> str:
    """One number with its unit; yes or no of a boolean."""
    if value is None:
        return "not known"
    if unit == "boolean" and value in (0, 1):
        return "yes" if value else "no"
    scale = scale_of(value, "ratio" if unit == "boolean" else unit)
    return f"{_number(value * scale.factor, scale.digits)} {scale.unit}".rstrip()


def _number(value: float, digits: int) -> str:
    """So many digits, or all before the point when there are more."""
    short = f"{value:,.{digits}g}"
    return f"{value:,.0f}" if "e+" in short else short
