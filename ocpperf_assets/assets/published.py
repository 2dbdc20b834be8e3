"""The models and the published slot: one write phase a run, shown as the graph the SQL files make."""

from collections.abc import Iterator, Sequence

import dagster as dg

from ocpperf_assets.ingest.staged import Change
from ocpperf_assets.ingest.write import Knowledge, WriteReport
from ocpperf_assets.models import Model
from ocpperf_assets.partitions import changes_of
from ocpperf_assets.resources import WarehouseResource

PUBLISHED = dg.AssetKey("published")


def warehouse_assets(
    knowledge: Knowledge, partitions: dg.PartitionsDefinition[str], raw_keys: Sequence[dg.AssetKey]
) -> dg.AssetsDefinition:
    """Every SQL model and `published` as one step: what is published is consistent, so it is written in one turn."""
    specs = [_spec(model, knowledge, partitions, raw_keys) for model in knowledge.models]
    specs.append(
        dg.AssetSpec(
            PUBLISHED,
            deps=[spec.key for spec in specs],
            partitions_def=partitions,
            group_name="published",
            kinds={"duckdb"},
            description="The slot readers see: every raw window in it has its facts built, from one catalogue version.",
        )
    )

    @dg.multi_asset(name="warehouse", specs=specs, backfill_policy=dg.BackfillPolicy.single_run(), pool="duckdb")
    def warehouse_step(
        context: dg.AssetExecutionContext, warehouse: WarehouseResource
    ) -> Iterator[dg.MaterializeResult[None]]:
        report = write_phase(context, knowledge, warehouse, rebuild=changes_of(context.partition_keys))
        for model in knowledge.models:
            yield dg.MaterializeResult(asset_key=model_key(model), metadata=_metadata(model, report))
        yield dg.MaterializeResult(asset_key=PUBLISHED, metadata={"version": report.version})

    return warehouse_step


def write_phase(
    context: dg.AssetExecutionContext,
    knowledge: Knowledge,
    warehouse: WarehouseResource,
    rebuild: Sequence[Change],
) -> WriteReport:
    """Write and publish what this run staged. Raises dg.Failure when not one of its queries was answered."""
    report = warehouse.write(knowledge, context.run_id, rebuild)
    context.log.info(f"published version {report.version}")
    for check in report.checks:
        if check.rows:
            context.log.warning(f"{check.name}: {check.rows} offending rows")
    outcome = report.outcome
    if outcome.failed and not outcome.answered:
        raise dg.Failure(
            f"All {outcome.failed} queries failed, the first with: {outcome.first_error}", allow_retries=True
        )
    if outcome.failed:
        context.log.warning(f"{outcome.failed} of {outcome.failed + outcome.answered} metric hours failed")
    return report


def model_key(model: Model) -> dg.AssetKey:
    return dg.AssetKey([model.folder, model.name])


def _spec(
    model: Model,
    knowledge: Knowledge,
    partitions: dg.PartitionsDefinition[str],
    raw_keys: Sequence[dg.AssetKey],
) -> dg.AssetSpec:
    known = {other.name: model_key(other) for other in knowledge.models}
    upstream = [known[name] for name in model.depends_on if name in known]
    return dg.AssetSpec(
        model_key(model),
        deps=upstream or list(raw_keys),
        partitions_def=partitions if model.is_windowed else None,
        group_name=model.folder,
        kinds={"duckdb", "sql"},
        code_version=model.sql_hash,
        description=f"{model.description}\n\nGrain: {model.grain}.\n\n```sql\n{model.body}\n```",
    )


def _metadata(model: Model, report: WriteReport) -> dict[str, dg.MetadataValue]:
    result = report.models.get(model.name)
    if result is None:
        return {}
    return {
        "dagster/row_count": dg.MetadataValue.int(result.rows),
        "seconds": dg.MetadataValue.float(result.seconds),
    }
