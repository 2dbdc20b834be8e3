"""A Kubernetes API with something in it, the real client that asks it, and a snapshot of it."""

from datetime import UTC, datetime

from ocpperf_assets.access.api import KubernetesApi
from ocpperf_assets.inventory.snapshot import Snapshot, Told, take_snapshot
from tests.ocpperf_assets.access.conftest import authority, nobodys_home, reach, serve

__all__ = ["authority", "nobodys_home", "reach", "serve"]

TAKEN = datetime(2026, 1, 1, 6, 8, tzinfo=UTC)


def taken(api: KubernetesApi) -> Snapshot:
    return take_snapshot(api, cluster="lab", taken_at=TAKEN)


def told(snapshot: Snapshot, part: str) -> Told:
    return next(one for one in snapshot.parts if one.part.name == part)


def rows(snapshot: Snapshot, table: str, *columns: str) -> list[tuple[object, ...]]:
    return [tuple(row[column] for column in columns) for row in snapshot.tables.get(table, ())]


def counts(snapshot: Snapshot) -> dict[object, object]:
    return {row["kind"]: row["objects"] for row in snapshot.tables.get("count", ())}
