"""One check a published objective: was it met. A missed objective is no finding: a rule also asks for how long."""

from collections.abc import Iterator, Mapping, Sequence

import dagster as dg
import duckdb

from ocpperf_assets.assets.judged.judge import Judge, Rows, result, rows_by_first
from ocpperf_assets.assets.published import PUBLISHED
from ocpperf_assets.catalogue import Catalogue
from ocpperf_assets.ingest.staged import Change

_PREFIX = "objective_"
_OBJECTIVES = """
select metric, count(*) as judged_hours, count(*) filter (missed = 'certain') as missed_hours,
       list(distinct entity order by entity) filter (missed = 'certain') as entities
from rpt_objective
where cluster = $cluster and hour >= $start and hour < $end and missed is not null
group by metric
"""


def objectives_judge(catalogue: Catalogue, raw_keys: Mapping[str, dg.AssetKey]) -> Judge:
    """`raw_keys`: the asset of each domain."""
    return Judge(tuple(_specs(catalogue, raw_keys)), _results)


def _specs(catalogue: Catalogue, raw_keys: Mapping[str, dg.AssetKey]) -> Iterator[dg.AssetCheckSpec]:
    for metric in catalogue.metrics:
        # A quantile's objective is judged by its bucket family.
        if metric.objective and metric.quantile_of is None:
            yield dg.AssetCheckSpec(
                f"{_PREFIX}{metric.name}",
                asset=raw_keys[metric.domain],
                additional_deps=[PUBLISHED],
                description=f"{metric.title}: {metric.objective.value:g} {metric.unit} ({metric.objective.tier}, "
                f"{metric.objective.source}). A missed objective is no finding: a rule also asks for how long.",
            )


def _results(
    con: duckdb.DuckDBPyConnection, changes: Sequence[Change], asked: Sequence[dg.AssetCheckSpec]
) -> Iterator[dg.AssetCheckResult]:
    found = rows_by_first(con, _OBJECTIVES, changes)
    for spec in asked:
        yield _met(spec, found.get(spec.name.removeprefix(_PREFIX), []))


def _met(spec: dg.AssetCheckSpec, rows: Rows) -> dg.AssetCheckResult:
    """Passes when not one entity hour missed the objective for certain; says when there was nothing to judge."""
    judged, missed = (sum(row[name] for row in rows) for name in ("judged_hours", "missed_hours"))
    return result(
        spec,
        passed=missed == 0,
        description=None if judged else "There was nothing to judge.",
        metadata={
            "entity hours judged": judged,
            "entity hours that missed it": missed,
            "entities": ", ".join(sorted({entity for row in rows for entity in row["entities"] or ()})),
        },
    )
