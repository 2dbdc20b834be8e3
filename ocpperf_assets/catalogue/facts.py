"""What exporters expose: the names, types, labels and units that expressions are checked against."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ocpperf_assets.catalogue.faults import nearest

# A file may add a series or correct a type; read after the other, so it wins.
FILES = ("exporters.csv", "exporters-extra.csv")

_PARTS = {
    "histogram": {"_bucket": frozenset({"le"}), "_sum": frozenset[str](), "_count": frozenset[str]()},
    "summary": {"": frozenset({"quantile"}), "_sum": frozenset[str](), "_count": frozenset[str]()},
}


@dataclass(frozen=True)
class Series:
    """One series name as an exporter exposes it; parts of histograms are counters."""

    name: str
    is_counter: bool
    type: str
    unit: str
    labels: frozenset[str] | None
    """None where labels come from elsewhere, as those of recording rules do."""


@dataclass(frozen=True)
class Facts:
    series: dict[str, Series]

    def find(self, name: str) -> Series | None:
        return self.series.get(name)

    def nearest(self, name: str) -> str:
        return nearest(name, self.series)


def read_facts(directories: Sequence[Path]) -> Facts:
    """Facts of every directory that has such files; what a later file says of a name replaces the earlier."""
    series: dict[str, Series] = {}
    for path in (directory / file for directory in directories for file in FILES):
        if path.is_file():
            with path.open(encoding="utf-8", newline="") as lines:
                series.update(_of_file(csv.DictReader(lines)))
    return Facts(series)


def _of_file(rows: Iterable[dict[str, str]]) -> dict[str, Series]:
    found: dict[str, Series] = {}
    for row in rows:
        for part in _parts(row):
            same = found.get(part.name)
            found[part.name] = part if same is None else _merged(same, part)
    return found


def _parts(row: dict[str, str]) -> Iterable[Series]:
    name, kind, unit = row["metric"], row["type"], row["unit"]
    labels = None if kind == "recording_rule" else frozenset(filter(None, row["labels"].split(";")))
    if kind in _PARTS and labels is not None:
        for suffix, added in _PARTS[kind].items():
            part_unit = "count" if suffix in ("_bucket", "_count") else unit
            yield Series(name + suffix, bool(suffix), f"{kind}{suffix}", part_unit, labels | added)
    else:
        yield Series(name, kind == "counter", kind, unit, labels)


def _merged(one: Series, other: Series) -> Series:
    """The same name from two exporters."""
    labels = None if one.labels is None or other.labels is None else one.labels | other.labels
    return Series(one.name, one.is_counter and other.is_counter, one.type, one.unit, labels)
