"""Reading the rules and checking them against the catalogue."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from ocpperf_assets.catalogue.document import NoHead, Placed, read_documents, read_entries, read_head, unique
from ocpperf_assets.catalogue.faults import Fault, raise_faults
from ocpperf_assets.catalogue.metric import Catalogue, Metric
from ocpperf_assets.catalogue.rule import Level, LevelEntry, Override, OverrideEntry, Rule, RuleEntry
from ocpperf_assets.catalogue.rule_checks import check_override, check_rule
from ocpperf_assets.catalogue.vocabulary import Profile, duration_s

MIN_OBSERVATIONS = 100

_NEXT_STEP = "metrics/README.md describes every field."


def load_rules(
    directories: Sequence[Path],
    catalogue: Catalogue,
    profile: Profile = "default",
    further: Sequence[Placed[OverrideEntry]] = (),
) -> tuple[Rule, ...]:
    """Read the rule files of the directories; a later directory replaces rules by their key.

    Overrides keep their order; `further` ones come last. Levels of another profile are left out, and rules for which
    none is left. Raises OcpperfError with every fault found, one line each.
    """
    faults: list[Fault] = []
    entries: list[Placed[RuleEntry]] = []
    overrides: list[Placed[OverrideEntry]] = []
    for document in read_documents(directories, faults):
        read_head(document, NoHead, ["rules", "overrides"], faults)
        entries += read_entries(document, "rules", "rule", RuleEntry, faults)
        overrides += read_entries(document, "overrides", "rule", OverrideEntry, faults)
    overrides += further
    metrics = {metric.name: metric for metric in catalogue.metrics}
    by_key = unique(entries, faults)
    for placed in by_key.values():
        faults += check_rule(placed, metrics)
    for override in overrides:
        faults += check_override(override, by_key)
    raise_faults(faults, "The rules have", _NEXT_STEP)
    found = [override.entry for override in overrides if override.entry]
    rules = (_rule(placed.entry, metrics, found, profile) for placed in by_key.values() if placed.entry)
    return tuple(rule for rule in rules if rule.levels or any(override.levels for override in rule.overrides))


def _rule(
    entry: RuleEntry, metrics: Mapping[str, Metric], overrides: Iterable[OverrideEntry], profile: Profile
) -> Rule:
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
        levels=_levels(entry.levels, profile),
        overrides=tuple(_override(one, profile) for one in overrides if one.rule == entry.rule),
        duration_s=duration_s(entry.duration),
        min_observations=entry.min_observations or (MIN_OBSERVATIONS if metric.kind == "histogram" else None),
        min_denominator=entry.min_denominator,
        denominator=entry.denominator,
        needs=entry.needs,
        causes=entry.causes,
        actions=entry.actions,
        examples=entry.examples,
    )


def _override(entry: OverrideEntry, profile: Profile) -> Override:
    return Override(
        clusters=entry.clusters, roles=entry.roles, levels=_levels(entry.levels, profile), because=entry.because
    )


def _levels(entries: Sequence[LevelEntry], profile: Profile) -> tuple[Level, ...]:
    """Those of the profile, and those of every profile."""
    return tuple(_level(entry) for entry in entries if entry.profile in ("default", profile))


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
