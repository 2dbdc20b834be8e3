"""Checks of rules, and of what overrides them, against the catalogue and against themselves."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, get_args

from ocpperf_assets.catalogue.document import Placed
from ocpperf_assets.catalogue.faults import Fault, nearest, one_of
from ocpperf_assets.catalogue.metric import Metric
from ocpperf_assets.catalogue.rule import Example, LevelEntry, OverrideEntry, RuleEntry
from ocpperf_assets.catalogue.vocabulary import Direction, Kind, LevelTier, Profile, Severity, Statistic

_ORDER = "levels go from mild to severe"
_STATISTICS: dict[Kind, tuple[Statistic, ...]] = {"histogram": ("p50", "p90", "p99"), "gauge": ("value",)}
_RANK: tuple[Severity, ...] = get_args(Severity)
_CAP: dict[LevelTier, Severity] = {"T1": "critical", "T2": "warning", "T3": "warning", "baseline": "info"}
_PROFILE: dict[LevelTier, Profile] = {"T4": "lab", "T5": "upstream"}


def check_rule(placed: Placed[RuleEntry], metrics: Mapping[str, Metric]) -> Iterator[Fault]:
    """Whether it names metrics that there are, and levels and examples that agree with them."""
    entry = placed.entry
    if entry is None:
        return
    for name in entry.needs:
        if name not in metrics:
            yield placed.fault("needs", f"there is no metric '{name}'{nearest(name, metrics)}")
    if entry.denominator and metrics.get(entry.denominator) is None:
        yield placed.fault(
            "denominator", f"there is no metric '{entry.denominator}'{nearest(entry.denominator, metrics)}"
        )
    yield from _check_levels(placed, entry.levels, entry.direction)
    metric = metrics.get(entry.metric)
    if metric is None:
        yield placed.fault("metric", f"there is no metric '{entry.metric}'{nearest(entry.metric, metrics)}")
        return
    yield from _check_statistic(placed, entry, metric)
    yield from _check_examples(placed, entry, metric)


def _check_statistic(placed: Placed[RuleEntry], entry: RuleEntry, metric: Metric) -> Iterator[Fault]:
    fitting = _STATISTICS.get(metric.kind, ())
    if not fitting:
        yield placed.fault("metric", f"'{metric.name}' is of kind {metric.kind}, which no rule can judge")
    elif metric.quantile_of:
        yield placed.fault("metric", f"'{metric.name}' is a quantile; judge its buckets, '{metric.quantile_of}'")
    elif entry.statistic not in fitting:
        message = f"'{metric.name}' is of kind {metric.kind}: {one_of(fitting, entry.statistic)}"
        yield placed.fault("statistic", message)
    if metric.kind != "histogram" and entry.min_observations:
        yield placed.fault("min_observations", f"'{metric.name}' of kind {metric.kind} counts no observations")


def _check_levels(placed: Placed[Any], levels: Sequence[LevelEntry], direction: Direction) -> Iterator[Fault]:
    for index, level in enumerate(levels):
        yield from _check_tier(placed, index, level)
    sign = 1 if direction == "above" else -1
    for index, (milder, level) in enumerate(pairwise(levels), start=1):
        field = f"levels.{index}"
        if _RANK.index(level.severity) < _RANK.index(milder.severity):
            yield placed.fault(field, f"{_ORDER}, found {level.severity} after {milder.severity}")
        elif sign * level.value < sign * milder.value:
            side = "under" if sign > 0 else "over"
            message = f"{_ORDER}, found {level.value:g} {side} the milder {milder.value:g}"
            yield placed.fault(field, message)
    seen: dict[tuple[object, ...], int] = {}
    for index, level in enumerate(levels):
        first = seen.setdefault((level.severity, level.value, level.roles, level.profile), index)
        if first != index:
            yield placed.fault(f"levels.{index}", f"repeats level {first + 1}")


def _check_tier(placed: Placed[Any], index: int, level: LevelEntry) -> Iterator[Fault]:
    profile = _PROFILE.get(level.tier)
    if profile and level.profile != profile:
        message = f"a {level.tier} limit belongs to profile {profile}, found profile {level.profile}"
        yield placed.fault(f"levels.{index}.profile", message)
    cap = _CAP.get(level.tier)
    if cap and _RANK.index(level.severity) > _RANK.index(cap):
        message = f"a {level.tier} limit is at most {cap}, found {level.severity}"
        yield placed.fault(f"levels.{index}.severity", message)
    if level.tier == "own" and placed.document.layer == 0:
        yield placed.fault(f"levels.{index}.tier", "a limit of one's own stands in rule files of one's own")


def _check_examples(placed: Placed[RuleEntry], entry: RuleEntry, metric: Metric) -> Iterator[Fault]:
    severities = {level.severity for level in entry.levels}
    for name in ("firing", "silent", "insufficient"):
        example: Example = getattr(entry.examples, name)
        expected = None if example.expect == "none" else example.expect.severity
        if (name == "firing") != (expected is not None):
            wanted = "a severity" if name == "firing" else "none"
            yield placed.fault(f"examples.{name}.expect", f"expected {wanted}")
        elif expected and expected not in severities:
            message = f"the rule has no level of severity {expected}"
            yield placed.fault(f"examples.{name}.expect", message)
        yield from _check_points(placed, f"examples.{name}.points", example, metric)


def _check_points(placed: Placed[RuleEntry], field: str, example: Example, metric: Metric) -> Iterator[Fault]:
    wanted = "buckets" if metric.kind == "histogram" else "value"
    for index, point in enumerate(example.points):
        if point.gap is None and getattr(point, wanted) is None:
            message = f"expected {wanted} or gap for '{metric.name}' of kind {metric.kind}"
            yield placed.fault(f"{field}.{index}", message)


def check_override(placed: Placed[OverrideEntry], rules: Mapping[str, Placed[RuleEntry]]) -> Iterator[Fault]:
    """Whether there is such a rule, and whether these could be levels of it."""
    entry = placed.entry
    if entry is None:
        return
    rule = rules.get(entry.rule)
    if rule is None:
        yield placed.fault("rule", f"there is no rule '{entry.rule}'{nearest(entry.rule, rules)}")
    elif rule.entry:
        yield from _check_levels(placed, entry.levels, rule.entry.direction)
    for index, level in enumerate(entry.levels):
        if level.roles:
            yield placed.fault(f"levels.{index}.roles", "the override itself says for which roles")
