"""The step that answers every check on the domains."""

from collections.abc import Iterator, Sequence

import dagster as dg

from ocpperf_assets.assets.judged.coverage import coverage_judge
from ocpperf_assets.assets.judged.objectives import objectives_judge
from ocpperf_assets.assets.judged.rules import rules_judge
from ocpperf_assets.ingest.write import Knowledge
from ocpperf_assets.partitions import changes_of
from ocpperf_assets.resources import WarehouseResource


def domain_checks(knowledge: Knowledge, raw_keys: Sequence[dg.AssetKey]) -> dg.AssetChecksDefinition:
    """One coverage check a domain, one check an objective and one a rule; none blocks.

    They judge all hours of a run and have no partitions: of a run over many hours Dagster would show those as skipped.
    """
    by_domain = {key.path[-1]: key for key in raw_keys}
    judges = (
        coverage_judge(raw_keys),
        objectives_judge(knowledge.catalogue, by_domain),
        rules_judge(knowledge.rules, by_domain),
    )
    specs = [spec for judge in judges for spec in judge.specs]

    @dg.multi_asset_check(name="judged", specs=specs, can_subset=True, pool="duckdb")
    def judged(context: dg.AssetCheckExecutionContext, warehouse: WarehouseResource) -> Iterator[dg.AssetCheckResult]:
        changes = changes_of(context.partition_keys)
        chosen = context.selected_asset_check_keys
        results: list[dg.AssetCheckResult] = []
        with warehouse.get_connection() as con:
            for judge in judges:
                results += judge.results(con, changes, [spec for spec in judge.specs if spec.key in chosen])
        yield from results

    return judged
