"""Episodes and targets that no warehouse is needed for."""

from datetime import UTC, datetime

from ocpperf_assets.notify.digest import Digest
from ocpperf_assets.notify.episodes import Episode
from ocpperf_assets.notify.targets import Target

START = datetime(2026, 1, 1, 10, tzinfo=UTC)


def episode(place: int = 0, **more: object) -> Episode:
    """A node that is busy, and goes on being so."""
    told: dict[str, object] = {
        "finding_id": f"f{place:015x}",
        "cluster": "c1",
        "rule": "cpu-busy",
        "analyzer": "etcd",
        "entity_kind": "node",
        "entity": f"n{place}",
        "node": f"n{place}",
        "severity": "warning",
        "start": START,
        "end": START.replace(hour=11),
        "open": True,
        "observed": "96 %",
        "limit": "90 %",
        "tier": "T1",
        "source": "node mixin",
        "summary": f"CPU of node n{place} was over its limit of 90 %.",
    }
    return Episode.model_validate(told | more)


def target(kind: str = "webhook", **more: object) -> Target:
    return Target.model_validate({"name": "night-shift", "kind": kind, "url_variable": "HOOK"} | more)


def news(*episodes: Episode) -> Digest:
    return Digest(new=episodes or (episode(),))
