"""The catalogue in words: finding metrics, and saying all there is to know of one."""

from collections.abc import Iterator, Sequence
from difflib import get_close_matches

from ocpperf_assets.catalogue.metric import Catalogue, Metric, Objective
from ocpperf_assets.catalogue.rule import Level, Override, Rule
from ocpperf_assets.catalogue.vocabulary import AbsentMeans, Better, Kind, Tier, written_duration
from ocpperf_mcp.contracts.errors import OcpperfError

TIERS: dict[Tier, str] = {
    "T1": "a shipped alert",
    "T2": "a vendor's recommendation",
    "T3": "an official objective",
    "T4": "a lab's gate",
    "T5": "a heuristic",
}
_KINDS: dict[Kind, str] = {
    "gauge": "a value at each step",
    "histogram": "a bucket family: the increase of each bucket in five minutes",
    "state": "label facts, stored when they change",
}
_BETTER: dict[Better, str] = {"lower": "lower is better", "higher": "higher is better", "neither": "neither is better"}
_ABSENT: dict[AbsentMeans, str] = {
    "missing": "data is missing",
    "zero": "it has not happened",
    "not_applicable": "the cluster does not have the thing",
}


def find(metrics: Sequence[Metric], words: Sequence[str]) -> list[Metric]:
    """Metrics that have every word in name, title, category or description, whatever its case."""
    wanted = [word.lower() for word in words]
    return [metric for metric in metrics if all(word in _text(metric) for word in wanted)]


def _text(metric: Metric) -> str:
    return " ".join((metric.name, metric.title, metric.category, metric.description)).lower()


def no_match(metrics: Sequence[Metric], words: Sequence[str]) -> OcpperfError:
    """The sentence for a search among these metrics that found nothing, with the nearest names of theirs."""
    if not metrics:
        return OcpperfError("No metric of that domain is shown by that tool.", "Leave one of the two options out.")
    names = [metric.name for metric in metrics]
    found = [name for word in words for name in get_close_matches(word, names, n=3) or _with_a_part_like(word, names)]
    near = list(dict.fromkeys(found))
    hint = f"Nearest names: {', '.join(near)}." if near else "Leave words or options out to see more."
    return OcpperfError(
        f"None of {len(names)} metrics has '{' '.join(words)}' in its name, title, category or description.", hint
    )


def _with_a_part_like(word: str, names: Sequence[str]) -> list[str]:
    parts = get_close_matches(word, {part for name in names for part in name.split("_")}, n=1)
    return [name for name in names if set(parts) & set(name.split("_"))][:3]


def written_objective(objective: Objective, unit: str) -> str:
    """`0.01 seconds, a vendor's recommendation (T2)`."""
    return f"{objective.value:g} {unit}, {TIERS[objective.tier]} ({objective.tier})"


def explain(metric: Metric, catalogue: Catalogue, rules: Sequence[Rule]) -> Iterator[tuple[str, str]]:
    """What there is to know of one metric, as pairs of a heading and a text."""
    yield "metric", f"{metric.name}, {metric.title}"
    yield "meaning", metric.description
    yield "domain", f"{metric.domain}, category {metric.category}"
    yield "query", " ".join(metric.query.split())
    yield "unit", f"{metric.unit}; {_BETTER[metric.better]}"
    yield "labels", ", ".join(metric.labels) or "none: one series for the whole cluster"
    yield "kind", _KINDS[metric.kind]
    yield "objective", _objective(metric)
    if metric.capacity is not None:
        yield "nothing left at", f"{metric.capacity.value:g} {metric.unit}"
    yield "when absent", _ABSENT[metric.absent_means]
    yield from _limits(metric)
    yield from _relatives(metric, catalogue)
    for rule in rules_of(metric, rules):
        yield "rule", _judged(rule)
        yield from (("override", _overridden(override, rule)) for override in rule.overrides)
    yield "shown by", ", ".join(metric.tools) or "query_metric"


def rules_of(metric: Metric, rules: Sequence[Rule]) -> list[Rule]:
    """Rules that judge the metric; those of a bucket family are its quantiles' too."""
    return [rule for rule in rules if rule.metric in (metric.name, metric.quantile_of)]


def _objective(metric: Metric) -> str:
    if metric.objective is None:
        return "none is published"
    return f"{written_objective(metric.objective, metric.unit)}: {metric.objective.source}"


def _limits(metric: Metric) -> Iterator[tuple[str, str]]:
    because = f", because {metric.many_because}" if metric.many_because else ""
    yield "series", f"at most {metric.max_series:,}{because}"
    if metric.scope:
        yield "scope", metric.scope
    versions = [f"{word} {text}" for word, text in (("since", metric.since), ("until", metric.until)) if text]
    if versions:
        yield "OpenShift", ", ".join(versions)
    if metric.watch:
        yield "watched", "anomalies and change points are looked for"


def _relatives(metric: Metric, catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    if metric.quantile_of:
        yield "buckets", metric.quantile_of
    quantiles = [other.name for other in catalogue.metrics if other.quantile_of == metric.name]
    if quantiles:
        yield "quantiles", ", ".join(quantiles)
    if metric.sum_metric and metric.count_metric:
        yield "mean", f"{metric.sum_metric} over {metric.count_metric}"


def _judged(rule: Rule) -> str:
    return f"{rule.rule}, {rule.statistic}: {written_levels(rule.levels, rule)}"


def _overridden(override: Override, rule: Rule) -> str:
    clusters = f"in {' and '.join(override.clusters)}" if override.clusters else "in every cluster"
    nodes = f" on {' and '.join(override.roles)}" if override.roles else ""
    return f"{rule.rule} {clusters}{nodes}: {written_levels(override.levels, rule)}; {override.because}"


def written_levels(levels: Sequence[Level], rule: Rule) -> str:
    """`warning above 0.01 seconds for 15m (T2)`, and so on for each level; `never` where there is none."""
    return ", ".join(_level(level, rule) for level in levels) or "never"


def _level(level: Level, rule: Rule) -> str:
    lasting = written_duration(level.duration_s or rule.duration_s)
    where = f" on {' and '.join(level.roles)}" if level.roles else ""
    return f"{level.severity} {rule.direction} {level.value:g} {rule.unit}{where} for {lasting} ({level.tier})"
