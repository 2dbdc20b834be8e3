"""Units as prose writes them and as the warehouse does, each in the base unit of its dimension."""

from dataclasses import dataclass

COUNT, TIMES, SHARE, TIME = "count", "times", "share", "time"
_BYTES, _BYTE_RATE, _BIT_RATE = "bytes", "bytes a second", "bits a second"


@dataclass(frozen=True)
class Unit:
    """`factor` makes the base unit of the dimension: seconds, bytes, a share of one."""

    dimension: str
    factor: float


def _multiples() -> dict[str, Unit]:
    found: dict[str, Unit] = {}
    for sign, factor in {"k": 1e3, "m": 1e6, "g": 1e9, "t": 1e12}.items():
        binary = 1024.0 ** "kmgt".index(sign) * 1024
        found |= {f"{sign}b": Unit(_BYTES, factor), f"{sign}ib": Unit(_BYTES, binary)}
        for end in ("b/s", "bps"):
            found[f"{sign}i{end}"] = Unit(_BYTE_RATE, binary)
        found[f"{sign}b/s"] = Unit(_BYTE_RATE, factor)
        for end in ("bit/s", "bps", "bits/s"):
            found[f"{sign}{end}"] = Unit(_BIT_RATE, factor)
    return found


_TIMES_OF = {
    1e-9: ("ns", "nanosecond", "nanoseconds"),
    1e-6: ("µs", "μs", "us", "microsecond", "microseconds"),
    1e-3: ("ms", "msec", "millisecond", "milliseconds"),
    1.0: ("s", "sec", "secs", "second", "seconds"),
    60.0: ("m", "min", "mins", "minute", "minutes"),
    3600.0: ("h", "hr", "hrs", "hour", "hours"),
    86400.0: ("d", "day", "days"),
    604800.0: ("w", "week", "weeks"),
}
IN_PROSE: dict[str, Unit] = {
    **{name: Unit(TIME, factor) for factor, names in _TIMES_OF.items() for name in names},
    **_multiples(),
    "byte": Unit(_BYTES, 1), "bytes": Unit(_BYTES, 1), "b": Unit(_BYTES, 1),
    "b/s": Unit(_BYTE_RATE, 1), "bit/s": Unit(_BIT_RATE, 1),
    "%": Unit(SHARE, 0.01), "percent": Unit(SHARE, 0.01), "per cent": Unit(SHARE, 0.01),
    "percentage points": Unit("percentage points", 0.01), "percentage point": Unit("percentage points", 0.01),
    "times": Unit(TIMES, 1), "x": Unit(TIMES, 1), "\N{MULTIPLICATION SIGN}": Unit(TIMES, 1),
    "-fold": Unit(TIMES, 1), "fold": Unit(TIMES, 1),
    "hundred": Unit(COUNT, 1e2), "thousand": Unit(COUNT, 1e3), "million": Unit(COUNT, 1e6), "billion": Unit(COUNT, 1e9),
    "per second": Unit("per second", 1), "/s": Unit("per second", 1),
}  # fmt: skip
"""By the lower-cased sign or word."""
_STORED = {
    "seconds": Unit(TIME, 1),
    "ratio": Unit(SHARE, 1),
    "bytes": Unit(_BYTES, 1),
    "bytes_per_second": Unit(_BYTE_RATE, 1),
    "bits_per_second": Unit(_BIT_RATE, 1),
    "per_second": Unit("per second", 1),
    "count": Unit(COUNT, 1),
    "": Unit(COUNT, 1),
}


def stored(unit: str) -> Unit:
    """The warehouse's base unit; one without a dimension of its own is counted."""
    return _STORED.get(unit, Unit(COUNT, 1))
