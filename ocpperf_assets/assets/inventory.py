"""The asset of the inventory: a snapshot of the hour that is open, taken and published by itself.

No other asset waits for it: an API that is down costs the snapshot and nothing else.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import dagster as dg

from ocpperf_assets.access.kubeconfig import no_inventory
from ocpperf_assets.clusters.configured import settings_of
from ocpperf_assets.etcd_status.warning import ETCD_EXEC_ON
from ocpperf_assets.ingest.write import Knowledge
from ocpperf_assets.partitions import changes_of
from ocpperf_assets.resources import WarehouseResource
from ocpperf_assets.settings import Settings

if TYPE_CHECKING:
    from ocpperf_assets.inventory.snapshot import Snapshot, Told

INVENTORY = dg.AssetKey(["raw", "inventory"])
_NOW_ALONE = "The Kubernetes API tells how things are, not how they were: only the open hour is asked for."


def inventory_asset(knowledge: Knowledge, partitions: dg.PartitionsDefinition[str]) -> dg.AssetsDefinition:
    """The asset that asks the Kubernetes API."""

    @dg.asset(
        key=INVENTORY,
        group_name="inventory",
        kinds={"kubernetes", "parquet"},
        partitions_def=partitions,
        backfill_policy=dg.BackfillPolicy.single_run(),
        description=f"A snapshot of what only the Kubernetes API knows, one partition a cluster and hour. {_NOW_ALONE}",
    )
    def inventory(context: dg.AssetExecutionContext, warehouse: WarehouseResource) -> dg.MaterializeResult[None]:
        now = datetime.now(UTC)
        changes = changes_of(context.partition_keys)
        clusters = [settings_of(one.cluster) for one in changes if one.window.start <= now < one.window.end]
        reasons = [reason for settings in clusters if (reason := no_inventory(settings))]
        asked = [settings for settings in clusters if not no_inventory(settings)]
        if not asked:
            return dg.MaterializeResult(metadata={"not asked": " ".join(dict.fromkeys(reasons)) or _NOW_ALONE})
        if any(settings.etcd_exec for settings in asked):
            context.log.warning(ETCD_EXEC_ON)
        snapshots = _take_and_publish(context, asked, now, knowledge, warehouse)
        for part in (part for snapshot in snapshots for part in snapshot.failed):
            context.log.warning(f"{part.part.name}: {part.state}. {part.error}")
        return dg.MaterializeResult(metadata=_told(snapshots))

    return inventory


def _take_and_publish(
    context: dg.AssetExecutionContext,
    asked: Sequence[Settings],
    now: datetime,
    knowledge: Knowledge,
    warehouse: WarehouseResource,
) -> "Sequence[Snapshot]":
    # heavy: the Kubernetes client is imported only where the API is asked
    from ocpperf_assets.inventory.stage import stage
    from ocpperf_assets.inventory.taking import take

    # Beside the run's own directory: where domains are collected in the same run, theirs is not complete yet.
    staged_as = f"{context.run.run_id}.inventory"
    snapshots = [take(settings, warehouse.home, now) for settings in asked]
    for snapshot in snapshots:
        stage(snapshot, warehouse.home.staging / staged_as)
    report = warehouse.write(knowledge, context.run.run_id, rebuild=(), staged_as=staged_as)
    context.log.info(f"published version {report.version}")
    return snapshots


def _told(snapshots: "Sequence[Snapshot]") -> Mapping[str, dg.MetadataValue]:
    """How every part went, what was counted, and what was forbidden."""
    parts = [_row(snapshot, part) for snapshot in snapshots for part in snapshot.parts]
    counts = [
        {"cluster": one.cluster, "kind": str(row["kind"]), "objects": str(row["objects"])}
        for one in snapshots
        for row in one.tables.get("count", ())
    ]
    told: dict[str, dg.MetadataValue] = {
        "taken at": dg.MetadataValue.timestamp(snapshots[0].taken_at),
        "parts": _table(sorted(parts, key=lambda row: row["state"] == "ok")),
        "requests": dg.MetadataValue.int(sum(part.requests for one in snapshots for part in one.parts)),
        "dagster/row_count": dg.MetadataValue.int(sum(len(rows) for one in snapshots for rows in one.tables.values())),
    }
    if counts:
        told["counts"] = _table(counts)
    forbidden = dict.fromkeys(part.part.name for one in snapshots for part in one.parts if part.state == "forbidden")
    return told | ({"forbidden": dg.MetadataValue.text(", ".join(forbidden))} if forbidden else {})


def _row(snapshot: "Snapshot", told: "Told") -> Mapping[str, str | int | float]:
    return {
        "cluster": snapshot.cluster,
        "part": told.part.name,
        "state": told.state,
        "rows": len(told.rows),
        "requests": told.requests,
        "seconds": told.seconds,
    }


def _table(rows: Sequence[Mapping[str, str | int | float]]) -> dg.TableMetadataValue:
    return dg.MetadataValue.table([dg.TableRecord(row) for row in rows])
