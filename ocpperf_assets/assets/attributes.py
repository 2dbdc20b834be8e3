"""What every asset carries beside its data: owners, layer, how fresh it must be, the file it is written in."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from pathlib import Path

import dagster as dg

from ocpperf_assets.access.kubeconfig import no_inventory
from ocpperf_assets.assets.inventory import INVENTORY
from ocpperf_assets.clusters.configured import configured_clusters
from ocpperf_assets.schedules import REPORTS
from ocpperf_assets.settings import Settings

Asset = dg.AssetsDefinition | dg.AssetSpec

HOURLY = dg.FreshnessPolicy.time_window(fail_window=timedelta(hours=3), warn_window=timedelta(minutes=90))
"""Collected once an hour: one run may be late, two may not."""
REFRESHED = dg.FreshnessPolicy.time_window(fail_window=timedelta(hours=2), warn_window=timedelta(minutes=20))
"""Collected every five minutes: a warning after three refreshes that did not come, a failure after a closed hour."""


def attributed(assets: Iterable[Asset], settings: Settings, files: Mapping[dg.AssetKey, Path]) -> list[Asset]:
    """The assets with their attributes; `files` tells where an asset is written, so that the UI can open it."""

    taken = any(no_inventory(cluster.settings) is None for cluster in configured_clusters(settings).each)

    def has_no_age(spec: dg.AssetSpec) -> bool:
        return spec.is_virtual or spec.group_name == REPORTS or (spec.key == INVENTORY and not taken)

    def described(spec: dg.AssetSpec) -> dg.AssetSpec:
        layer = spec.key.path[0]
        return spec.replace_attributes(
            owners=list(settings.owners),
            tags={**spec.tags, "layer": layer},
            freshness_policy=None if has_no_age(spec) else _freshness(spec.key, settings),
        ).merge_attributes(metadata=_source(files.get(spec.key)))

    return list(dg.map_asset_specs(described, assets))


def _freshness(key: dg.AssetKey, settings: Settings) -> dg.FreshnessPolicy:
    """A refresh collects some domains and builds every table from them; the other domains wait for the hour."""
    waits = key.path[0] == "raw" and key.path[-1] not in settings.refresh
    return REFRESHED if settings.refresh and not waits else HOURLY


def _source(path: Path | None) -> Mapping[str, object]:
    if path is None:
        return {}
    reference = dg.LocalFileCodeReference(file_path=str(path), line_number=1, label=path.name)
    return {"dagster/code_references": dg.CodeReferencesMetadataValue(code_references=[reference])}
