"""Reading the rules and checking them against the catalogue."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import get_args

from ocpperf_assets.catalogue.document import Placed, read_documents, read_entries, read_head, unique
from ocpperf_assets.catalogue.faults import Fault, nearest, one_of, raise_faults
from ocpperf_assets.catalogue.metric import Catalogue, Metric
from ocpperf_assets.catalogue.rule import Example, Level, LevelEntry, Rule, RuleEntry, RuleHead
from ocpperf_assets.catalogue.vocabulary import Kind, LevelTier, Profile, Severity, Statistic, duration_s

MIN_OBSERVATIONS = 100

_NEXT_STEP = "metrics/README.md describes every field."
_ORDER = "levels go from mild to severe"
_STATISTICS: dict[Kind, tuple[Statistic, ...]] = {"histogram": ("p50", "p90", "p99"), "gauge": ("value",)}
_RANK: tuple[Severity, ...] = get_args(Severity)
_CAP: dict[LevelTier, Severity] = {"T1": "critical", "T2": "warning", "T3": "warning", "baseline": "info"}
_PROFILE: dict[LevelTier, Profile] = {"T4": "lab", "T5": "upstream"}


def load_rules(directories: Sequence[Path], catalogue: Catalogue, profile: Profile = "default") -> tuple[Rule, ...]:
    """Read the rule files of the directories; a later directory replaces rules by their key.

    Levels of another profile are left out, and rules without a level left. Raises OcpperfError with every
    fault found, one line each.
    """
    faults: list[Fault] = []
    entries: list[Placed[RuleEntry]] = []
    for document in read_documents(directories, faults):
        read_head(document, RuleHead, "rules", faults)
        entries += read_entries(document, "rules", "rule", RuleEntry, faults)
    metrics = {metric.name: metric for metric in catalogue.metrics}
    by_key = unique(entries, faults)
    for placed in by_key.values():
        faults += _check(placed, metrics)
    raise_faults(faults, "The rules", _NEXT_STEP)
    rules = (_rule(placed.entry, metrics, profile) for placed in by_key.values() if placed.entry)
    return tuple(rule for rule in rules if rule.levels)


def _check(placed: Placed[RuleEntry], metrics: dict[str, Metric]) -> Iterator[Fault]:
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
    yield from _check_levels(placed, entry)
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


def _check_levels(placed: Placed[RuleEntry], entry: RuleEntry) -> Iterator[Fault]:
    for index, level in enumerate(entry.levels):
        yield from _check_tier(placed, index, level)
    sign = 1 if entry.direction == "above" else -1
    for index, (milder, level) in enumerate(pairwise(entry.levels), start=1):
        field = f"levels.{index}"
        if _RANK.index(level.severity) < _RANK.index(milder.severity):
            yield placed.fault(field, f"{_ORDER}, found {level.severity} after {milder.severity}")
        elif sign * level.value < sign * milder.value:
            side = "under" if sign > 0 else "over"
            message = f"{_ORDER}, found {level.value:g} {side} the milder {milder.value:g}"
            yield placed.fault(field, message)
    seen: dict[tuple[object, ...], int] = {}
    for index, level in enumerate(entry.levels):
        first = seen.setdefault((level.severity, level.value, level.roles, level.profile), index)
        if first != index:
            yield placed.fault(f"levels.{index}", f"repeats level {first + 1}")


def _check_tier(placed: Placed[RuleEntry], index: int, level: LevelEntry) -> Iterator[Fault]:
    profile = _PROFILE.get(level.tier)
    if profile and level.profile != profile:
        message = f"a {level.tier} limit belongs to profile {profile}, found profile {level.profile}"
        yield placed.fault(f"levels.{index}.profile", message)
    cap = _CAP.get(level.tier)
    if cap and _RANK.index(level.severity) > _RANK.index(cap):
        message = f"a {level.tier} limit is at most {cap}, found {level.severity}"
        yield placed.fault(f"levels.{index}.severity", message)


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


def _rule(entry: RuleEntry, metrics: dict[str, Metric], profile: Profile) -> Rule:
    metric = metrics[entry.metric]
    return Rule(
        rule=entry.rule,
        title=entry.title,
        analyzer=entry.analyzer,
        metric=entry.metric,
        domain=metric.domain,
        unit=metric.unit,
        statistic=entry.statistic,
        direction=entry.direction,
        levels=tuple(_level(level) for level in entry.levels if level.profile in ("default", profile)),
        duration_s=duration_s(entry.duration),
        min_observations=entry.min_observations or (MIN_OBSERVATIONS if metric.kind == "histogram" else None),
        min_denominator=entry.min_denominator,
        denominator=entry.denominator,
        needs=entry.needs,
        causes=entry.causes,
        actions=entry.actions,
        examples=entry.examples,
    )


def _level(entry: LevelEntry) -> Level:
    return Level(
        severity=entry.severity,
        value=entry.value,
        tier=entry.tier,
        source=entry.source,
        duration_s=duration_s(entry.duration) if entry.duration else None,
        roles=entry.roles,
        profile=entry.profile,
    )
