"""The asset of the inventory: a snapshot of the hour that is open, taken and published by itself.

No other asset waits for it: an API that is down costs the snapshot and nothing else.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import dagster as dg

from ocpperf_assets.access.kubeconfig import no_inventory
from ocpperf_assets.etcd_status.warning import ETCD_EXEC_ON
from ocpperf_assets.ingest.write import Knowledge
from ocpperf_assets.partitions import partition_key
from ocpperf_assets.resources import WarehouseResource
from ocpperf_assets.settings import Settings
from ocpperf_mcp.contracts.windows import floor_hour

if TYPE_CHECKING:
    from ocpperf_assets.inventory.snapshot import Snapshot

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
        settings, now = Settings(), datetime.now(UTC)
        open_hour = str(partition_key(settings.cluster, floor_hour(now)))
        reason = no_inventory(settings) if open_hour in map(str, context.partition_keys) else _NOW_ALONE
        if reason:
            context.log.info(f"nothing was asked: {reason}")
            return dg.MaterializeResult(metadata={"not asked": reason})
        if settings.etcd_exec:
            context.log.warning(ETCD_EXEC_ON)
        snapshot = _take_and_publish(context, settings, now, knowledge, warehouse)
        for part in snapshot.failed:
            context.log.warning(f"{part.part.name}: {part.state}. {part.error}")
        return dg.MaterializeResult(metadata=_told(snapshot))

    return inventory


def _take_and_publish(
    context: dg.AssetExecutionContext,
    settings: Settings,
    now: datetime,
    knowledge: Knowledge,
    warehouse: WarehouseResource,
) -> "Snapshot":
    # heavy: the Kubernetes client is imported only where the API is asked
    from ocpperf_assets.inventory.stage import stage
    from ocpperf_assets.inventory.taking import take

    snapshot = take(settings, warehouse.home, now)
    # Beside the run's own directory: where domains are collected in the same run, theirs is not complete yet.
    staged_as = f"{context.run.run_id}.inventory"
    stage(snapshot, warehouse.home.staging / staged_as)
    report = warehouse.write(knowledge, context.run.run_id, rebuild=(), staged_as=staged_as)
    context.log.info(f"published version {report.version}")
    return snapshot


def _told(snapshot: "Snapshot") -> Mapping[str, dg.MetadataValue]:
    """How every part went, what was counted, and what was forbidden."""
    parts = sorted(snapshot.parts, key=lambda part: part.state == "ok")
    rows: list[Mapping[str, str | int | float]] = [
        {
            "part": one.part.name,
            "state": one.state,
            "rows": len(one.rows),
            "requests": one.requests,
            "seconds": one.seconds,
        }
        for one in parts
    ]
    counts = [{"kind": str(row["kind"]), "objects": str(row["objects"])} for row in snapshot.tables.get("count", ())]
    told: dict[str, dg.MetadataValue] = {
        "taken at": dg.MetadataValue.timestamp(snapshot.taken_at),
        "parts": _table(rows),
        "requests": dg.MetadataValue.int(sum(one.requests for one in parts)),
        "dagster/row_count": dg.MetadataValue.int(sum(map(len, snapshot.tables.values()))),
    }
    if counts:
        told["counts"] = _table(counts)
    if forbidden := [one.part.name for one in parts if one.state == "forbidden"]:
        told["forbidden"] = dg.MetadataValue.text(", ".join(forbidden))
    return told


def _table(rows: Sequence[Mapping[str, str | int | float]]) -> dg.TableMetadataValue:
    return dg.MetadataValue.table([dg.TableRecord(row) for row in rows])
