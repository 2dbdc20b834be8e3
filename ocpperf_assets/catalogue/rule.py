"""Bottleneck rules: as entries of a YAML file, and resolved."""

import math
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from ocpperf_assets.catalogue.vocabulary import (
    Direction,
    Duration,
    Frozen,
    Horizon,
    Key,
    LevelTier,
    Profile,
    Severity,
    Statistic,
    Text,
)

RuleKey = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", description="A key in kebab-case.")]


def _bounds_as_text(buckets: object) -> object:
    """YAML reads an unquoted 0.008 as a number."""
    if not isinstance(buckets, dict):
        return buckets
    return {str(bound): increase for bound, increase in buckets.items()}


Buckets = Annotated[dict[str, float], BeforeValidator(_bounds_as_text)]


class LevelEntry(Frozen):
    """One limit of a rule."""

    severity: Severity
    value: float
    """The limit, in the unit of the metric."""
    tier: LevelTier
    """Who published it; caps the severity."""
    source: Text
    duration: Duration | None = None
    """For how long the limit must be broken, where it is not the rule's."""
    roles: tuple[Key, ...] = ()
    """Roles of nodes it applies to; all where empty."""
    profile: Profile = "default"
    """T4 limits belong to profile lab, T5 limits to profile upstream."""


class Action(Frozen):
    """What to do about a finding: a command to run or a change to make."""

    command: Text | None = None
    change: Text | None = None
    precondition: Text
    """What must hold before it is done."""
    risk: Text
    """What may go wrong."""
    horizon: Horizon | None = None
    """By when it can be done: now to look or to restore, days to change configuration or a workload, weeks with a
    maintenance window or a roll-out, months with new hardware or another topology. Shipped rules all say it."""

    @model_validator(mode="after")
    def _one_thing(self) -> "Action":
        if (self.command is None) == (self.change is None):
            raise ValueError("expected either a command or a change")
        return self


class Point(Frozen):
    """Points of an example, `repeat` times alike: a latency's buckets, a value, or a gap."""

    repeat: int = Field(default=1, ge=1, le=10_000)
    buckets: Buckets | None = None
    """Increase of each cumulative bucket in five minutes, by upper bound; the last bound is +Inf."""
    value: float | None = None
    gap: int | None = Field(default=None, ge=1, le=10_000)
    """A number of points for which nothing was collected."""
    denominator: float | None = None
    """Beside a value: the denominator's sample; ten times the least one unless given."""

    @model_validator(mode="after")
    def _one_thing(self) -> "Point":
        if sum(part is not None for part in (self.buckets, self.value, self.gap)) != 1:
            raise ValueError("expected one of buckets, value, gap")
        return self

    @model_validator(mode="after")
    def _cumulative(self) -> "Point":
        if self.buckets is None:
            return self
        bounds = [float(bound) for bound in self.buckets]
        counts = list(self.buckets.values())
        if bounds != sorted(set(bounds)) or bounds[-1] != math.inf:
            raise ValueError("expected bounds that ascend to +Inf")
        if counts != sorted(counts) or counts[0] < 0:
            raise ValueError("expected cumulative counts: each bucket holds those below it")
        return self


class Expectation(Frozen):
    """The worst level an example reaches."""

    severity: Severity


class Example(Frozen):
    """Samples of one entity and what the rule must make of them."""

    entity: Text
    roles: tuple[Key, ...] = ()
    points: tuple[Point, ...] = Field(min_length=1)
    expect: Expectation | Literal["none"]


class Examples(Frozen):
    """A case in which the rule fires, one in which it stays silent, and one with too little data to judge."""

    firing: Example
    silent: Example
    insufficient: Example


class OverrideEntry(Frozen):
    """Other levels of a rule where the published ones do not fit: in some clusters, on nodes of some roles."""

    rule: RuleKey
    clusters: tuple[Text, ...] = ()
    """Names of clusters; all where empty."""
    roles: tuple[Key, ...] = ()
    """Roles of nodes; all where empty, and what belongs to no node."""
    levels: tuple[LevelEntry, ...]
    """In place of the rule's, from mild to severe; none switch it off there."""
    because: Text
    """Why the rule's own levels do not fit there."""


class RuleEntry(Frozen):
    """One rule: when is a metric a bottleneck, since when, and what to do about it."""

    rule: RuleKey
    title: Text
    analyzer: Key
    metric: Key
    statistic: Statistic
    """p50, p90 or p99 of a bucket family; value of a gauge."""
    direction: Direction = "above"
    """Which side of a level is bad."""
    levels: tuple[LevelEntry, ...] = Field(min_length=1)
    """From mild to severe."""
    duration: Duration
    """For how long a level must be broken, unless the level says otherwise."""
    min_observations: int | None = Field(default=None, ge=1)
    """Operations a latency rule needs in its duration; 100 unless given."""
    min_denominator: float | None = Field(default=None, gt=0)
    """Of a ratio: the least denominator that makes it worth judging; what is under it counts as not collected."""
    denominator: Key | None = None
    """The metric that tells the denominator, summed over the entity."""
    needs: tuple[Key, ...] = ()
    """Other metrics without which it cannot be judged."""
    causes: tuple[Text, ...] = Field(min_length=1)
    actions: tuple[Action, ...] = Field(min_length=1)
    examples: Examples

    @model_validator(mode="after")
    def _floor_of_something(self) -> "RuleEntry":
        if (self.min_denominator is None) != (self.denominator is None):
            raise ValueError("expected both min_denominator and denominator, or none")
        return self


class RuleFile(Frozen):
    """A file of rules, and of what differs from them somewhere."""

    rules: tuple[RuleEntry, ...] = ()
    overrides: tuple[OverrideEntry, ...] = ()


class Level(Frozen):
    """One limit of a rule."""

    severity: Severity
    value: float
    tier: LevelTier
    source: str
    duration_s: int | None
    roles: tuple[str, ...]
    profile: Profile


class Override(Frozen):
    """Levels in place of a rule's, in clusters and on roles of nodes; every one of them where empty."""

    clusters: tuple[str, ...]
    roles: tuple[str, ...]
    levels: tuple[Level, ...]
    because: str


class Rule(Frozen):
    """One rule, resolved for a profile."""

    rule: str
    title: str
    analyzer: str
    metric: str
    domain: str
    unit: str
    statistic: Statistic
    direction: Direction
    levels: tuple[Level, ...]
    overrides: tuple[Override, ...]
    """The last that fits counts."""
    duration_s: int
    min_observations: int | None
    min_denominator: float | None
    denominator: str | None
    needs: tuple[str, ...]
    causes: tuple[str, ...]
    actions: tuple[Action, ...]
    examples: Examples
