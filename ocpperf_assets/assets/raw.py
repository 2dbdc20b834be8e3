"""One asset per domain: its metrics, hour by hour, staged for the run's write phase."""

import shutil
from datetime import UTC, datetime, timedelta

import dagster as dg
from pydantic import Field

from ocpperf_assets.assets.fetched import Source, of_fetched, rows_by_partition
from ocpperf_assets.assets.published import PUBLISHED, write_phase
from ocpperf_assets.clusters.configured import settings_of
from ocpperf_assets.clusters.load_bound import one_at_a_time
from ocpperf_assets.extraction import DomainReport, DomainRequest, collect_domain
from ocpperf_assets.ingest.resume import resume_points
from ocpperf_assets.ingest.staged import Change
from ocpperf_assets.ingest.write import Knowledge
from ocpperf_assets.partitions import changes_of
from ocpperf_assets.progress import Progress, tell
from ocpperf_assets.resources import PrometheusResource, WarehouseResource
from ocpperf_mcp.contracts.windows import floor_to

# A scrape may arrive this late: samples younger than this are left for the next collection.
SETTLE = timedelta(seconds=30)


class CollectConfig(dg.Config):
    """Run configuration of a domain's asset."""

    metrics: list[str] = Field(default=[], description="Only these metrics of the domain; empty means all.")


def raw_key(domain: str) -> dg.AssetKey:
    return dg.AssetKey(["raw", domain])


def raw_asset(domain: str, knowledge: Knowledge, partitions: dg.PartitionsDefinition[str]) -> dg.AssetsDefinition:
    """The asset that collects one domain of the catalogue."""

    @dg.asset(
        key=raw_key(domain),
        group_name=domain,
        kinds={"prometheus", "parquet"},
        partitions_def=partitions,
        backfill_policy=dg.BackfillPolicy.single_run(),
        code_version=knowledge.catalogue.version,
        description=_description(domain, knowledge),
    )
    def collect(
        context: dg.AssetExecutionContext,
        config: CollectConfig,
        prometheus: PrometheusResource,
        warehouse: WarehouseResource,
    ) -> dg.MaterializeResult[None]:
        changes = changes_of(context.partition_keys)
        # A step that is tried again starts anew; what its first attempt staged would be loaded twice.
        shutil.rmtree(warehouse.home.staging / context.run.run_id / domain, ignore_errors=True)
        reports = [_collect(context, domain, change, config, knowledge, prometheus, warehouse) for change in changes]
        if PUBLISHED not in context.job_def.asset_layer.executable_asset_keys:
            write_phase(context, knowledge, warehouse, rebuild=())
        for partition, rows in rows_by_partition(changes, reports):
            context.add_asset_metadata({"dagster/row_count": rows}, partition_key=str(partition))
        return dg.MaterializeResult(
            metadata=of_fetched(reports, [_source(change, knowledge, prometheus) for change in changes])
        )

    return collect


def _collect(
    context: dg.AssetExecutionContext,
    domain: str,
    change: Change,
    config: CollectConfig,
    knowledge: Knowledge,
    prometheus: PrometheusResource,
    warehouse: WarehouseResource,
) -> DomainReport:
    settings = settings_of(change.cluster)
    until = floor_to(datetime.now(UTC) - SETTLE, settings.step)
    metrics = knowledge.catalogue_of(change.cluster).of_domain(domain)
    if config.metrics:
        metrics = tuple(metric for metric in metrics if metric.name in config.metrics)
    request = DomainRequest(
        cluster=change.cluster,
        domain=domain,
        metrics=metrics,
        windows=tuple(change.window.hours()),
        until=until,
        resume=resume_points(warehouse.home, change.cluster, domain, until),
    )
    with one_at_a_time(warehouse.home, change.cluster, context.log.info):
        report = collect_domain(
            request,
            prometheus.client(change.cluster),
            warehouse.home.staging / context.run.run_id,
            default_step_s=int(settings.step.total_seconds()),
            on_progress=lambda done, total: tell(Progress(f"raw/{domain}", done, total)),
        )
    for failure in report.failures:
        context.log.warning(f"{failure}")
    return report


def _source(change: Change, knowledge: Knowledge, prometheus: PrometheusResource) -> Source:
    address = prometheus.client(change.cluster).endpoint.address
    return Source(change.cluster, address, knowledge.catalogue_of(change.cluster))


def _description(domain: str, knowledge: Knowledge) -> str:
    metrics = knowledge.catalogue.of_domain(domain)
    lines = [f"- `{metric.name}` ({metric.unit}): {metric.title}" for metric in metrics]
    return f"Samples of the {len(metrics)} {domain} metrics, one partition a cluster and hour.\n\n" + "\n".join(lines)
