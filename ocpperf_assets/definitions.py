"""The Dagster code location."""

import warnings
from pathlib import Path

import dagster as dg

from ocpperf_assets.assets.attributes import attributed
from ocpperf_assets.assets.inventory import INVENTORY, inventory_asset
from ocpperf_assets.assets.judged import domain_checks
from ocpperf_assets.assets.lineage import model_key
from ocpperf_assets.assets.published import views, warehouse_assets
from ocpperf_assets.assets.raw import raw_asset, raw_key
from ocpperf_assets.catalogue.locate import metrics_directory
from ocpperf_assets.clusters.configured import configured_clusters
from ocpperf_assets.healing.sensor import healing_sensor
from ocpperf_assets.history import history_start
from ocpperf_assets.ingest.write import Knowledge
from ocpperf_assets.knowledge import load_knowledge
from ocpperf_assets.notify.sensor import notify_job, notify_sensor
from ocpperf_assets.partitions import cluster_hours
from ocpperf_assets.reporting.asset import REPORT, report_asset
from ocpperf_assets.reporting.schedules import report_job, report_schedules
from ocpperf_assets.resources import PrometheusResource, WarehouseResource
from ocpperf_assets.schedules import (
    collect_job,
    hourly_schedule,
    inventory_job,
    inventory_schedule,
    refresh_job,
    refresh_schedule,
)
from ocpperf_assets.settings import Settings
from ocpperf_assets.upkeep.job import upkeep_job, upkeep_schedule

# Single-run backfills are announced as beta at every load; that they hold here is what our tests show.
warnings.filterwarnings("ignore", category=dg.BetaWarning)
# So are partitioned checks and virtual assets as preview.
warnings.filterwarnings("ignore", category=dg.PreviewWarning)


def build_definitions(settings: Settings) -> dg.Definitions:
    """Assets, schedule and resources for the given settings. Raises OcpperfError when a file is faulty."""
    knowledge = load_knowledge(settings)
    clusters = configured_clusters(settings).names
    partitions = cluster_hours(clusters, history_start(settings.paths))
    domains = knowledge.catalogue.domains
    raw = [raw_asset(domain, knowledge, partitions) for domain in domains]
    raw_keys = [raw_key(domain) for domain in domains]
    left_out = [raw_key(domain) for domain in domains if domain not in settings.refresh]
    status = dg.DefaultScheduleStatus.RUNNING if settings.schedules else dg.DefaultScheduleStatus.STOPPED
    watching = dg.DefaultSensorStatus.RUNNING if settings.schedules else dg.DefaultSensorStatus.STOPPED
    upkeep = upkeep_job(knowledge)
    tables = warehouse_assets(knowledge, partitions, raw_keys)
    return dg.Definitions(
        assets=attributed(
            [
                *raw,
                inventory_asset(knowledge, partitions),
                tables,
                *views(knowledge, partitions, raw_keys),
                report_asset(clusters),
            ],
            settings,
            _files(knowledge),
        ),
        asset_checks=[domain_checks(knowledge, raw_keys)],
        jobs=[collect_job(), refresh_job(left_out), inventory_job(), report_job(clusters), notify_job, upkeep],
        schedules=[
            hourly_schedule(clusters, status),
            refresh_schedule(clusters, status),
            inventory_schedule(clusters, status),
            *report_schedules(clusters, status),
            upkeep_schedule(upkeep, status),
        ],
        sensors=[
            healing_sensor(clusters, knowledge, [spec.key for spec in tables.specs], watching),
            notify_sensor(watching),
        ],
        resources={
            "prometheus": PrometheusResource(),
            "warehouse": WarehouseResource(database=str(settings.paths.link)),
        },
        executor=dg.in_process_executor,
    )


def _files(knowledge: Knowledge) -> dict[dg.AssetKey, Path]:
    """Where each asset is written: a domain in the shipped catalogue, a model in sql/, the others beside this file."""
    domains = {raw_key(path.stem): path for path in metrics_directory().glob("*.yaml")}
    domains[INVENTORY] = Path(__file__).parent / "inventory" / "parts.py"
    domains[REPORT] = Path(__file__).parent / "reporting" / "asset.py"
    return domains | {model_key(model): model.path for model in knowledge.models}


@dg.definitions
def defs() -> dg.Definitions:
    return build_definitions(Settings())
