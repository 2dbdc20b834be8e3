"""Units as prose writes them and as the warehouse does, each in the base unit of its dimension."""

from dataclasses import dataclass

from ocpperf_mcp.agent.lexicon import LEXICON

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


IN_PROSE: dict[str, Unit] = {
    **_multiples(),
    **{word.lower(): Unit(one.dimension, one.factor) for one in LEXICON.units for word in one.words},
}
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
