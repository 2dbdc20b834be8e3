"""Histories written by hand in `planted/*.yaml`: what exporters held, and what must be in the warehouse of it.

A value is `first` or `first+gain`: the sample of the first scrape, and what each scrape of 30 s adds to it.
`each` makes one series for every value of a label.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

FOLDER = Path(__file__).with_name("planted")
LEAD = timedelta(minutes=15)
"""History before the hour, so that its first window is full."""
SCRAPE_S, OFFSET_S = 30, 7
_VALUE = re.compile(r"(?P<first>-?[\d.e+]+?)(?:\+(?P<gain>-?[\d.]+))?")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Planted(_Strict):
    """One series, or with `each` one for every value of those labels; `type` as the exporter declares it."""

    series: str
    value: str
    each: dict[str, list[str]] = {}

    def identities(self) -> Iterator[str]:
        """Every series as OpenMetrics writes it: without spaces, which promtool would not read."""
        texts = [self.series.replace('", ', '",')]
        for label, values in self.each.items():
            texts = [f'{text.removesuffix("}")},{label}="{value}"}}' for text in texts for value in values]
        yield from texts

    def sample(self, scrape: int) -> float:
        found = _VALUE.fullmatch(self.value)
        assert found, f"{self.series}: {self.value} is no value"
        return float(found["first"]) + scrape * float(found["gain"] or 0)


class Expected(_Strict):
    """What the hour must hold of the metric's series with these labels: one value, a quantile, or nothing."""

    metric: str
    of: dict[str, str] = {}
    value: float | None = None
    p99_within: tuple[float, float] | None = None
    observations: float | None = None
    nothing: bool = False
    because: str


class Story(_Strict):
    """A domain's file."""

    planted: tuple[Planted, ...]
    expected: tuple[Expected, ...]


def stories() -> Mapping[str, Story]:
    """The stories by domain."""
    files = sorted(FOLDER.glob("*.yaml"))
    return {path.stem: Story.model_validate(yaml.safe_load(path.read_text(encoding="utf-8"))) for path in files}


def lines(planted: Sequence[Planted], begin: datetime, end: datetime) -> Iterator[str]:
    """OpenMetrics text of every series, scraped from `LEAD` before `begin`, each name's series together."""
    by_name: dict[str, list[Planted]] = {}
    for one in planted:
        by_name.setdefault(one.series.partition("{")[0], []).append(one)
    first_s = int((begin - LEAD).timestamp()) + OFFSET_S
    scrapes = range((int(end.timestamp()) - first_s) // SCRAPE_S)
    for name, every in by_name.items():
        yield f"# TYPE {name} unknown"
        for one in every:
            for identity in one.identities():
                yield from (f"{identity} {one.sample(n):.10g} {first_s + SCRAPE_S * n}" for n in scrapes)
