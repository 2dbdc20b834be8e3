"""One check a rule, on the domain of its metric: did it fire in the hours of the run, and could it be judged at all."""

from collections.abc import Iterator, Mapping, Sequence

import dagster as dg
import duckdb

from ocpperf_assets.assets.judged.judge import Judge, result, rows_by_first
from ocpperf_assets.assets.judged.verdict import Verdict, verdict_of
from ocpperf_assets.assets.published import PUBLISHED
from ocpperf_assets.catalogue import Rule
from ocpperf_assets.catalogue.explain import written_levels
from ocpperf_assets.ingest.staged import Change

# One row a rule. Hours of which nothing was collected count for none: an open hour may just have begun.
_JUDGED = """
select dim_rule.rule, any_value(collected.hours) as collected_hours,
       coalesce(sum(lacking.hours) filter (not lacking.is_applicable), 0)::integer as inapplicable_hours,
       list(struct_pack(reason := lacking.reason, hours := lacking.hours) order by lacking.hours desc)
           filter (lacking.is_applicable) as lacking
from dim_rule
cross join (
    select count(distinct hour) as hours from fct_coverage_hourly
    where cluster = $cluster and hour >= $start and hour < $end
) as collected
left join rpt_not_evaluated($cluster, $start, $end) as lacking on lacking.rule = dim_rule.rule
group by dim_rule.rule
"""
# By the hours in which a rule fired: a finding's own start lies a window before its first sample.
_FINDINGS = """
select found.rule, finding_id, severity, found.entity, strftime(start, '%Y-%m-%d %H:%M') as since, summary,
       acknowledged, acknowledged_because
from rpt_findings as found
semi join fct_bottleneck as fired
    on fired.cluster = found.cluster and fired.rule = found.rule
    and fired.entity_kind = found.entity_kind and fired.entity = found.entity
    and fired.last_seen >= found.start and fired.last_seen <= found."end"
    and fired.hour >= $start and fired.hour < $end
where found.cluster = $cluster
order by list_position(['critical', 'warning', 'info'], severity), start, found.entity
"""


def rules_judge(rules: Sequence[Rule], raw_keys: Mapping[str, dg.AssetKey]) -> Judge:
    """`raw_keys`: the asset of each domain."""
    return Judge(tuple(_spec(rule, raw_keys[rule.domain]) for rule in rules), _results)


def _check_name(rule: str) -> str:
    """Dagster's names have no dashes, and those of rules no underscores: no two rules share one."""
    return f"rule_{rule.replace('-', '_')}"


def _spec(rule: Rule, key: dg.AssetKey) -> dg.AssetCheckSpec:
    return dg.AssetCheckSpec(
        _check_name(rule.rule),
        asset=key,
        additional_deps=[PUBLISHED],
        description=f"{rule.title}: {rule.statistic} of {rule.metric}, {written_levels(rule.levels, rule)}. "
        "Critical is an error, warning a warning; info and what is acknowledged pass; what could not be judged warns.",
    )


def _results(
    con: duckdb.DuckDBPyConnection, changes: Sequence[Change], asked: Sequence[dg.AssetCheckSpec]
) -> Iterator[dg.AssetCheckResult]:
    judged, found = (rows_by_first(con, query, changes) for query in (_JUDGED, _FINDINGS))
    verdicts = {_check_name(rule): verdict_of(rows, found.get(rule, [])) for rule, rows in judged.items()}
    for spec in asked:
        yield _judged(spec, verdicts.get(spec.name, Verdict()))


def _judged(spec: dg.AssetCheckSpec, verdict: Verdict) -> dg.AssetCheckResult:
    return result(
        spec,
        passed=verdict.passed,
        severity=dg.AssetCheckSeverity.ERROR if verdict.worst == "critical" else dg.AssetCheckSeverity.WARN,
        description=verdict.sentence,
        metadata=verdict.metadata,
    )
