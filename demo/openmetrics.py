"""OpenMetrics text, a whole series at a time."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from demo.series import Series, Target
from demo.timeline import SCRAPE_S, Floats, Timeline


def write(path: Path, timeline: Timeline, series: Iterable[Series]) -> int:
    """Write the series, one family after the other; answers how many samples that were."""
    clock = _Clock(timeline)
    samples = 0
    with path.open("wb") as out:
        for (family, kind), members in groupby(_by_family(series), key=lambda one: (one.family, one.kind)):
            out.write(f"# TYPE {family} {kind}\n".encode())
            for one in members:
                lines, count = _lines(one, clock)
                out.write(lines)
                samples += count
        out.write(b"# EOF\n")
    return samples


def _by_family(series: Iterable[Series]) -> list[Series]:
    return sorted(series, key=lambda one: (one.family, one.kind, one.name))


class _Clock:
    """The timestamps of each target as text, made once."""

    def __init__(self, timeline: Timeline) -> None:
        self._base = timeline.epoch_ms + 1000 * SCRAPE_S * np.arange(timeline.size, dtype=np.int64)
        self._known: dict[int, pa.Array] = {}

    def of(self, target: Target) -> pa.Array:
        """` seconds.milliseconds\\n` for every grid point."""
        if target.offset_ms not in self._known:
            moments = self._base + target.offset_ms
            whole = pc.cast(pa.array(moments // 1000), pa.string())
            part = pc.utf8_lpad(pc.cast(pa.array(moments % 1000), pa.string()), 3, "0")
            self._known[target.offset_ms] = pc.binary_join_element_wise(" ", whole, ".", part, "\n", "")
        return self._known[target.offset_ms]


def _lines(series: Series, clock: _Clock) -> tuple[bytes | memoryview, int]:
    kept = series.target.scraped & ~np.isnan(series.values)
    if not kept.any():
        return b"", 0
    values = _texts(series.values[kept])
    moments = clock.of(series.target).filter(pa.array(kept))
    lines = pc.binary_join_element_wise(f"{series.name}{_labels(series.labels)} ", values, moments, "")
    length = pc.sum(pc.binary_length(lines)).as_py()
    return memoryview(lines.buffers()[2])[:length], len(lines)


def _texts(values: Floats) -> pa.Array:
    whole = values.astype(np.int64)
    return pc.cast(pa.array(whole if np.array_equal(whole, values) else values), pa.string())


def _labels(labels: Mapping[str, str]) -> str:
    return "{" + ",".join(_pairs(labels)) + "}" if labels else ""


def _pairs(labels: Mapping[str, str]) -> Iterator[str]:
    for name, value in sorted(labels.items()):
        if value:
            escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
            yield f'{name}="{escaped}"'
