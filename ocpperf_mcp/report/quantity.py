"""Numbers on charts, written as the warehouse's `readable` writes them; one multiple of the unit for a whole axis."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Scale:
    """How numbers are written: multiplied by `factor`, in `unit`."""

    factor: float
    unit: str


_SCALES = {
    "seconds": (Scale(1, "s"), Scale(1e3, "ms"), Scale(1e6, "µs")),
    "ratio": (Scale(100, "%"),),
    "bytes": (Scale(1 / 1024**3, "GiB"), Scale(1 / 1024**2, "MiB"), Scale(1 / 1024, "KiB")),
    "bytes_per_second": (Scale(1 / 1024**2, "MiB/s"), Scale(1 / 1024, "KiB/s")),
    "bits_per_second": (Scale(1e-9, "Gbit/s"), Scale(1e-6, "Mbit/s"), Scale(1e-3, "kbit/s")),
    "count": (Scale(1, ""),),
}
"""By unit the multiples, the greatest first."""


def scale_of(highest: float, unit: str) -> Scale:
    """The greatest multiple in which the highest number is at least one; the smallest there is when none is."""
    scales = _SCALES.get(unit, (Scale(1, unit.replace("_", " ")),))
    return next((scale for scale in scales if abs(highest) * scale.factor >= 1), scales[-1])


def quantity(value: float | None, unit: str) -> str:
    """One number with its unit: four digits, or all before the point when there are more; yes or no of a boolean."""
    if value is None:
        return "no value"
    if unit == "boolean":
        return "no" if value == 0 else "yes"
    scale = scale_of(value, unit)
    scaled = value * scale.factor
    digits = f"{scaled:,.0f}" if abs(scaled) >= 10_000 else f"{scaled:.{6 if unit == 'count' else 4}g}"
    return f"{digits} {scale.unit}".rstrip()
