"""A Kubernetes API with something in it, the real client that asks it, and a snapshot of it."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ocpperf_assets.access.api import KubernetesApi
from ocpperf_assets.inventory.snapshot import Snapshot, Told, take_snapshot
from tests.doubles.certificates import Authority
from tests.doubles.kubernetes_api import Cluster, KubernetesDouble, serving_api
from tests.doubles.kubernetes_api.inhabited import inhabited_kubernetes, inhabited_openshift
from tests.ocpperf_assets.access.conftest import USER, authority, nobodys_home, reach, serve

__all__ = ["authority", "nobodys_home", "reach", "serve"]

TAKEN = datetime(2026, 1, 1, 6, 8, tzinfo=UTC)


def taken(api: KubernetesApi) -> Snapshot:
    return take_snapshot(api, cluster="lab", taken_at=TAKEN)


def told(snapshot: Snapshot, part: str) -> Told:
    return next(one for one in snapshot.parts if one.part == part)


def rows(snapshot: Snapshot, table: str, *columns: str) -> list[tuple[object, ...]]:
    return [tuple(row[column] for column in columns) for row in snapshot.tables.get(table, ())]


def counts(snapshot: Snapshot) -> dict[object, object]:
    return {row["kind"]: row["objects"] for row in snapshot.tables.get("count", ())}
