"""Series as requests of the remote write protocol 1.0: a WriteRequest in protocol buffers, packed with snappy."""

from collections.abc import Iterable, Mapping

import numpy as np
import pyarrow as pa

from demo.series import Series, Target
from demo.timeline import Bools, Floats, Ints, Timeline

HEADERS = {
    "Content-Type": "application/x-protobuf",
    "Content-Encoding": "snappy",
    "X-Prometheus-Remote-Write-Version": "0.1.0",
}
ENDED = np.array([0x7FF0000000000002], dtype="<u8").view("<f8")
"""The NaN that says in Prometheus that a series has ended."""
_FIRST, _SECOND = 0x0A, 0x12
"""Tags of the length-delimited fields 1 and 2: name and value of a label, labels and samples of a series."""
_MOMENT_BYTES = 6
"""Unix milliseconds between the years 1971 and 2109 take six groups of seven bits."""
_SAMPLE = np.dtype(
    [("field", "S3"), ("value", "<f8"), ("moment_field", "u1"), ("moment", "u1", _MOMENT_BYTES)],
)
"""A sample is always 16 bytes long, so that all of a series are one array."""


def encode(timeline: Timeline, series: Iterable[Series]) -> tuple[bytes, int]:
    """The request's body, and how many samples it holds; series without any are left out."""
    parts, samples = [], 0
    for one in series:
        kept = one.target.scraped & ~np.isnan(one.values)
        if kept.any():
            ended = _ends(one.target, kept)
            moments = one.target.moments_ms(timeline)[kept | ended]
            values = np.where(ended, ENDED, one.values)[kept | ended]
            parts.append(_field(_FIRST, _labels(one) + _samples(moments, values)))
            samples += moments.size
    return bytes(pa.compress(b"".join(parts), codec="snappy", asbytes=True)), samples


def _ends(target: Target, kept: Bools) -> Bools:
    """The scrapes that did not find a series which the one before had found."""
    ends = np.zeros_like(kept)
    if target.marks_ends:
        due = np.flatnonzero(target.due)
        ends[due[1:]] = kept[due[:-1]] & ~kept[due[1:]]
    return ends


def _labels(series: Series) -> bytes:
    """The label set, sorted by name as receivers want it; an empty value is no label."""
    named: Mapping[str, str] = {"__name__": series.name, **series.labels}
    return b"".join(
        _field(_FIRST, _field(_FIRST, name.encode()) + _field(_SECOND, value.encode()))
        for name, value in sorted(named.items())
        if value
    )


def _samples(moments_ms: Ints, values: Floats) -> bytes:
    rows = np.empty(moments_ms.size, _SAMPLE)
    rows["field"] = bytes([_SECOND, _SAMPLE.itemsize - 2, 0x09])
    rows["value"] = values
    rows["moment_field"] = 0x10
    for place in range(_MOMENT_BYTES):
        more = 0x80 if place < _MOMENT_BYTES - 1 else 0
        rows["moment"][:, place] = (moments_ms >> (7 * place)) & 0x7F | more
    return rows.tobytes()


def _field(tag: int, content: bytes) -> bytes:
    return bytes([tag]) + _varint(len(content)) + content


def _varint(number: int) -> bytes:
    groups = bytearray()
    while number > 0x7F:
        groups.append(number & 0x7F | 0x80)
        number >>= 7
    groups.append(number)
    return bytes(groups)
