"""The Dagster code location."""

import warnings

import dagster as dg

from ocpperf_assets.assets.published import warehouse_assets
from ocpperf_assets.assets.raw import raw_asset, raw_key
from ocpperf_assets.history import history_start
from ocpperf_assets.knowledge import load_knowledge
from ocpperf_assets.partitions import cluster_hours
from ocpperf_assets.resources import PrometheusResource, WarehouseResource
from ocpperf_assets.schedules import collect_job, hourly_schedule
from ocpperf_assets.settings import Settings

# Single-run backfills are announced as beta at every load; that they hold here is what our tests show.
warnings.filterwarnings("ignore", category=dg.BetaWarning)


def build_definitions(settings: Settings) -> dg.Definitions:
    """Assets, schedule and resources for the given settings. Raises OcpperfError when a file is faulty."""
    knowledge = load_knowledge(settings)
    clusters = [settings.cluster]
    partitions = cluster_hours(clusters, history_start(settings.paths))
    domains = knowledge.catalogue.domains
    raw = [raw_asset(domain, knowledge, partitions) for domain in domains]
    models = warehouse_assets(knowledge, partitions, [raw_key(domain) for domain in domains])
    return dg.Definitions(
        assets=[*raw, models],
        jobs=[collect_job()],
        schedules=[hourly_schedule(clusters)],
        resources={
            "prometheus": PrometheusResource(),
            "warehouse": WarehouseResource(database=str(settings.paths.link)),
        },
        executor=dg.in_process_executor,
    )


@dg.definitions
def defs() -> dg.Definitions:
    return build_definitions(Settings())
