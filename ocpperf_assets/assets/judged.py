"""Checks on the domains, asked of the published warehouse: was enough collected, were published objectives met."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import dagster as dg
import duckdb

from ocpperf_assets.assets.published import PUBLISHED
from ocpperf_assets.ingest.staged import Change
from ocpperf_assets.ingest.write import Knowledge
from ocpperf_assets.partitions import changes_of
from ocpperf_assets.resources import WarehouseResource

# Below this share of the expected samples no rule judges either.
ENOUGH = 0.8
COVERAGE = "coverage"

_COVERAGE = """
select domain, sum(samples) filter (expected is not null) / nullif(sum(expected), 0) as coverage,
       count(*) filter (status = 'error') as failed_hours,
       count(*) filter (status = 'empty' and absent_means = 'missing') as empty_hours,
       min_by(metric, coverage) filter (coverage < 1) as least_covered
from rpt_coverage
where cluster = $cluster and hour >= $start and hour < $end
group by domain
"""
_OBJECTIVES = """
select metric, count(*) as judged_hours, count(*) filter (missed = 'certain') as missed_hours,
       any_value(objective) as objective, any_value(unit) as unit, any_value(tier) as tier, any_value(source) as source,
       list(distinct entity order by entity) filter (missed = 'certain') as entities
from rpt_objective
where cluster = $cluster and hour >= $start and hour < $end and missed is not null
group by metric
"""


def domain_checks(knowledge: Knowledge, raw_keys: Sequence[dg.AssetKey]) -> dg.AssetChecksDefinition:
    """One coverage check a domain and one check an objective; none blocks, and none is an error of the pipeline.

    They judge all hours of a run and have no partitions: of a run over many hours Dagster would show those as skipped.
    """
    specs = [*_coverage_specs(raw_keys), *_objective_specs(knowledge, raw_keys)]

    @dg.multi_asset_check(name="judged", specs=specs, can_subset=True, pool="duckdb")
    def judged(context: dg.AssetCheckExecutionContext, warehouse: WarehouseResource) -> Iterator[dg.AssetCheckResult]:
        changes = changes_of(context.partition_keys)
        with warehouse.get_connection() as con:
            coverage = _by_first(con, _COVERAGE, changes)
            objectives = _by_first(con, _OBJECTIVES, changes)
        chosen = context.selected_asset_check_keys
        for spec in (one for one in specs if one.key in chosen):
            if spec.name == COVERAGE:
                yield _covered(spec, coverage.get(spec.asset_key.path[-1], []))
            else:
                yield _met(spec, objectives.get(spec.name.removeprefix("objective_"), []))

    return judged


def _coverage_specs(raw_keys: Sequence[dg.AssetKey]) -> Iterator[dg.AssetCheckSpec]:
    for key in raw_keys:
        yield dg.AssetCheckSpec(
            COVERAGE,
            asset=key,
            additional_deps=[PUBLISHED],
            description=f"At least {ENOUGH:.0%} of the expected samples came, and no query failed.",
        )


def _objective_specs(knowledge: Knowledge, raw_keys: Sequence[dg.AssetKey]) -> Iterator[dg.AssetCheckSpec]:
    by_domain = {key.path[-1]: key for key in raw_keys}
    for metric in knowledge.catalogue.metrics:
        if metric.objective and metric.quantile_of is None:
            yield dg.AssetCheckSpec(
                f"objective_{metric.name}",
                asset=by_domain[metric.domain],
                additional_deps=[PUBLISHED],
                description=f"{metric.title}: {metric.objective.value:g} {metric.unit} ({metric.objective.tier}, "
                f"{metric.objective.source}). A missed objective is no finding: a rule also asks for how long.",
            )


Rows = list[dict[str, Any]]


def _by_first(con: duckdb.DuckDBPyConnection, query: str, changes: Sequence[Change]) -> Mapping[Any, Rows]:
    """Rows of every window, by the value of the first column."""
    found: dict[Any, Rows] = {}
    for change in changes:
        start, end = (moment.replace(tzinfo=None) for moment in (change.window.start, change.window.end))
        cursor = con.execute(query, {"cluster": change.cluster, "start": start, "end": end})
        names = [column[0] for column in cursor.description or ()]
        for values in cursor.fetchall():
            found.setdefault(values[0], []).append(dict(zip(names, values, strict=True)))
    return found


def _covered(spec: dg.AssetCheckSpec, rows: Rows) -> dg.AssetCheckResult:
    """Fails when nothing is known: missing data is never healthy."""
    failed = sum(row["failed_hours"] for row in rows)
    least = min((row["coverage"] for row in rows if row["coverage"] is not None), default=0.0)
    return _warning(
        spec,
        passed=least >= ENOUGH and not failed,
        metadata={
            "coverage": round(float(least), 4),
            "metric hours failed": failed,
            "metric hours empty": sum(row["empty_hours"] for row in rows),
            "least covered metric": ", ".join(sorted({row["least_covered"] for row in rows if row["least_covered"]})),
        },
    )


def _met(spec: dg.AssetCheckSpec, rows: Rows) -> dg.AssetCheckResult:
    """Passes when not one entity hour missed the objective for certain; says when there was nothing to judge."""
    missed = sum(row["missed_hours"] for row in rows)
    return _warning(
        spec,
        passed=missed == 0,
        metadata={
            "entity hours judged": sum(row["judged_hours"] for row in rows),
            "entity hours that missed it": missed,
            "entities": ", ".join(sorted({entity for row in rows for entity in row["entities"] or ()})),
        },
    )


def _warning(spec: dg.AssetCheckSpec, *, passed: bool, metadata: Mapping[str, Any]) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        passed=passed,
        asset_key=spec.asset_key,
        check_name=spec.name,
        severity=dg.AssetCheckSeverity.WARN,
        metadata=metadata,
    )
