"""The tables and the published slot: one write phase a run, shown as the graph the SQL files make."""

from collections.abc import Iterator, Sequence

import dagster as dg

from ocpperf_assets.assets.lineage import checks, is_shown, model_key, upstream_keys
from ocpperf_assets.assets.told import of_published, rows_by_partition
from ocpperf_assets.ingest.staged import Change
from ocpperf_assets.ingest.write import Knowledge, WriteReport
from ocpperf_assets.models import CheckResult, Model
from ocpperf_assets.models.retention import CLOSED
from ocpperf_assets.partitions import changes_of
from ocpperf_assets.resources import WarehouseResource

PUBLISHED = dg.AssetKey("published")


def warehouse_assets(
    knowledge: Knowledge, partitions: dg.PartitionsDefinition[str], raw_keys: Sequence[dg.AssetKey]
) -> dg.AssetsDefinition:
    """Every table and `published` as one step: what is published is consistent, so it is written in one turn."""
    shown = [model for model in knowledge.models if is_shown(model)]
    tables = [model for model in shown if model.is_table]
    specs = [_spec(model, knowledge, partitions, raw_keys) for model in tables]
    specs.append(
        dg.AssetSpec(
            PUBLISHED,
            deps=[model_key(model) for model in shown],
            partitions_def=partitions,
            group_name="published",
            kinds={"duckdb"},
            description="The slot readers see: every raw window in it has its facts built, from one catalogue version.",
        )
    )
    check_specs = checks(tables, knowledge.models, otherwise=PUBLISHED)

    @dg.multi_asset(
        name="warehouse",
        specs=specs,
        check_specs=list(check_specs.values()),
        backfill_policy=dg.BackfillPolicy.single_run(),
    )
    def warehouse_step(
        context: dg.AssetExecutionContext, warehouse: WarehouseResource
    ) -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
        changes = changes_of(context.partition_keys)
        report = write_phase(context, knowledge, warehouse, rebuild=changes)
        with warehouse.get_connection() as con:
            for model in tables:
                for partition, rows in rows_by_partition(con, model, changes):
                    context.add_asset_metadata({"dagster/row_count": rows}, model_key(model), str(partition))
        for model in tables:
            yield dg.MaterializeResult(asset_key=model_key(model), metadata=_metadata(model, report))
        yield dg.MaterializeResult(asset_key=PUBLISHED, metadata=of_published(report.version, warehouse, changes))
        for result in report.checks:
            yield _check_result(check_specs[result.name], result)

    return warehouse_step


def views(
    knowledge: Knowledge, partitions: dg.PartitionsDefinition[str], raw_keys: Sequence[dg.AssetKey]
) -> list[dg.AssetSpec]:
    """Views and answers with parameters: shown in the graph, never run, as fresh as the tables below them."""
    shown = (model for model in knowledge.models if is_shown(model) and not model.is_table)
    return [_spec(model, knowledge, partitions, raw_keys, is_virtual=True) for model in shown]


def write_phase(
    context: dg.AssetExecutionContext,
    knowledge: Knowledge,
    warehouse: WarehouseResource,
    rebuild: Sequence[Change],
) -> WriteReport:
    """Write and publish what this run staged. Raises dg.Failure when not one of its queries was answered."""
    report = warehouse.write(knowledge, context.run.run_id, rebuild)
    context.log.info(f"published version {report.version}")
    if report.closed_hours:
        context.log.warning(f"{report.closed_hours} hours stay as they are: {CLOSED}")
    outcome = report.outcome
    if outcome.failed and not outcome.answered:
        raise dg.Failure(
            f"Not one query was answered; the first failed with: {outcome.first_error}", allow_retries=True
        )
    if outcome.failed:
        context.log.warning(f"{outcome.failed} of {outcome.failed + outcome.answered} metric hours failed")
    return report


def _spec(
    model: Model,
    knowledge: Knowledge,
    partitions: dg.PartitionsDefinition[str],
    raw_keys: Sequence[dg.AssetKey],
    *,
    is_virtual: bool = False,
) -> dg.AssetSpec:
    return dg.AssetSpec(
        model_key(model),
        is_virtual=is_virtual,
        deps=upstream_keys(model, knowledge.models, raw_keys),
        # Small tables are made whole, yet in the same step: Dagster backfills no step that is partitioned in part.
        partitions_def=partitions,
        group_name=model.folder,
        kinds={"duckdb", "sql"},
        code_version=model.sql_hash,
        description=_description(model),
    )


def _description(model: Model) -> str:
    """What the SQL file says of itself, and its SELECT; the file's text goes on after the table's name."""
    sentence = model.description[:1].upper() + model.description[1:]
    return f"{sentence}\n\nGrain: {model.grain}.\n\n```sql\n{model.body}\n```"


def _metadata(model: Model, report: WriteReport) -> dict[str, dg.MetadataValue]:
    result = report.models.get(model.name)
    if result is None:
        return {}
    whole = {} if model.time_column else {"dagster/row_count": dg.MetadataValue.int(result.rows)}
    return {**whole, "seconds": dg.MetadataValue.float(round(result.seconds, 3))}


def _check_result(spec: dg.AssetCheckSpec, result: CheckResult) -> dg.AssetCheckResult:
    shown = "\n".join(map(str, result.examples))
    examples = {"examples": dg.MetadataValue.text(shown)} if shown else {}
    return dg.AssetCheckResult(
        passed=result.rows == 0,
        asset_key=spec.asset_key,
        check_name=spec.name,
        severity=dg.AssetCheckSeverity.ERROR if result.blocking else dg.AssetCheckSeverity.WARN,
        metadata={"offending rows": result.rows, **examples},
    )
