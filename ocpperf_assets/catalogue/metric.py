"""Metrics: as an entry of a YAML file, and resolved for one flavour."""

import hashlib
import json
from difflib import get_close_matches
from functools import cached_property

from pydantic import Field

from ocpperf_assets.catalogue.vocabulary import (
    AbsentMeans,
    Better,
    Duration,
    Frozen,
    Key,
    Kind,
    Text,
    Tier,
    ToolName,
    Unit,
    Version,
)
from ocpperf_mcp.contracts.errors import OcpperfError


class Objective(Frozen):
    """A published limit of healthy values."""

    value: float
    """In the unit of the metric."""
    tier: Tier
    """T1 shipped alert, T2 vendor recommendation, T3 official objective, T4 lab gate, T5 heuristic."""
    source: Text
    """Where it is published."""


class Capacity(Frozen):
    """Where the metric has nothing left."""

    value: float
    """In the unit of the metric."""
    accumulates: bool
    """It fills up, as a disk does, so that an hour's growth tells something of the next; not what rises and falls with
    the load of the day, whose growth is read from whole days alone."""


class MetricEntry(Frozen):
    """One metric: what Prometheus is asked, and what the answer means."""

    name: Key
    """Unique over all domains; the key people and tools use."""
    title: Text
    category: Key
    """Groups metrics within their domain."""
    expr: Text
    """PromQL. `{$name}` is a selector of the file, `$window` the window. No irate, no topk."""
    unit: Unit
    """A base unit: ratio instead of percent, bytes instead of MB."""
    labels: tuple[Key, ...]
    """Labels of the result, without `le`."""
    better: Better
    """Which direction is good."""
    kind: Kind = "gauge"
    """gauge, histogram (a bucket family) or state (label facts, stored on change)."""
    quantile_of: Key | None = None
    """The bucket family beside a quantile."""
    sum_metric: Key | None = None
    """Of a bucket family: the gauge that holds the rate of its _sum."""
    count_metric: Key | None = None
    """Of a bucket family: the gauge that holds the rate of its _count."""
    objective: Objective | None = None
    capacity: Capacity | None = None
    """Of a limited resource: told how much is left and, where it grows, until when."""
    absent_means: AbsentMeans = "missing"
    """What an empty answer means."""
    tools: tuple[ToolName, ...] = ()
    """MCP tools that show it."""
    description: Text
    """One sentence: what it measures, and what it means when it moves."""
    max_series: int = Field(default=2000, ge=1, le=100_000)
    """Over this number of series the metric is truncated and used for no verdict."""
    many_because: Text | None = None
    """Why a metric may have more than 5,000 series; one that may must say so."""
    step: Duration | None = None
    """Distance of samples, where it is not the general one."""
    window: Duration | None = None
    """What `$window` stands for in this entry."""
    since: Version | None = None
    until: Version | None = None
    watch: bool = False
    """Whether anomalies and change points are looked for; at most 60 metrics."""
    scope: Text | None = None
    """A restriction worth telling, such as the namespaces it is limited to."""


class CatalogueHead(Frozen):
    """What a catalogue file says before its entries."""

    domain: Key
    selectors: dict[Key, dict[Key, Text]] = Field(default_factory=dict)
    """Per flavour: label matchers by the name under which expressions use them."""
    window: Duration | None = None
    """What `$window` stands for; 5m unless given."""
    scrape_interval: Duration | None = None
    """Longest distance between scrapes of what the file reads; 30s unless given. A window holds four."""


class CatalogueFile(CatalogueHead):
    """A file of the catalogue: the metrics of one domain."""

    metrics: tuple[MetricEntry, ...] = ()


class Metric(Frozen):
    """One metric, resolved for a flavour."""

    domain: str
    name: str
    title: str
    category: str
    expr: str
    query: str
    kind: Kind
    unit: Unit
    labels: tuple[str, ...]
    better: Better
    quantile_of: str | None
    sum_metric: str | None
    count_metric: str | None
    objective: Objective | None
    capacity: Capacity | None
    absent_means: AbsentMeans
    tools: tuple[str, ...]
    description: str
    max_series: int
    many_because: str | None
    step_s: int | None
    window_s: int
    since: str | None
    until: str | None
    watch: bool
    scope: str | None
    job: str | None

    @cached_property
    def expr_hash(self) -> str:
        """Changes whenever stored values would: 16 hex digits over query, kind, window and step."""
        return _digest([self.query, self.kind, self.window_s, self.step_s])


class Catalogue(Frozen):
    """All metrics of one flavour."""

    metrics: tuple[Metric, ...]
    without: dict[str, str] = Field(default_factory=dict)
    """Domains and scrape jobs that such clusters lack, with the reason; metrics of theirs are not applicable."""

    @cached_property
    def domains(self) -> tuple[str, ...]:
        return tuple(sorted({metric.domain for metric in self.metrics}))

    @cached_property
    def version(self) -> str:
        """Hash of the whole content."""
        return _digest([metric.model_dump(mode="json") for metric in self.metrics])

    @cached_property
    def _by_name(self) -> dict[str, Metric]:
        return {metric.name: metric for metric in self.metrics}

    def metric(self, name: str) -> Metric:
        """Raises OcpperfError, with the nearest names, where there is no such metric."""
        try:
            return self._by_name[name]
        except KeyError:
            near = get_close_matches(name, self._by_name, n=3)
            hint = f"Nearest names: {', '.join(near)}." if near else "dim_metric lists every metric."
            raise OcpperfError(f"There is no metric '{name}'.", hint) from None

    def of_domain(self, domain: str) -> tuple[Metric, ...]:
        return tuple(metric for metric in self.metrics if metric.domain == domain)


def _digest(content: object) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]
