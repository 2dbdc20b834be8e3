"""What one look finds: what each target was told, and how things stand in one published version for all of them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from ocpperf_assets.clusters.configured import configured_clusters
from ocpperf_assets.notify.episodes import Episode, read_episodes
from ocpperf_assets.notify.memory import Memory, read_memory
from ocpperf_assets.notify.silence import LastHeard, read_heard
from ocpperf_assets.notify.targets import Target
from ocpperf_assets.settings import Settings
from ocpperf_assets.slots.publication import version_of
from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.contracts.paths import Home
from ocpperf_mcp.warehouse import open_published


@dataclass(frozen=True)
class Standing:
    """How things stand in a published version."""

    version: int
    episodes: tuple[Episode, ...]
    heard: tuple[LastHeard, ...]


@dataclass(frozen=True)
class Reading:
    """`memories` holds a fault for a target whose memory cannot be read."""

    memories: Mapping[str, Memory | OcpperfError]
    standing: Standing


def read_all(settings: Settings, targets: Sequence[Target]) -> Reading:
    """One reading for the targets. Raises OcpperfError without a warehouse."""
    memories = {target.name: _memory(settings.paths, target.name) for target in targets}
    known = [memory.ids for memory in memories.values() if isinstance(memory, Memory)]
    return Reading(memories, read_standing(settings, frozenset().union(*known)))


def read_standing(settings: Settings, remembered: Collection[str]) -> Standing:
    """The published version; `remembered` are the ids of findings of which it matters whether they ended.

    Raises OcpperfError without a warehouse.
    """
    configured = configured_clusters(settings).names
    with open_published(settings.paths) as con:
        heard = tuple(read_heard(con, configured))
        return Standing(version_of(con), tuple(read_episodes(con, remembered)), heard)


def published_version(settings: Settings) -> int:
    """Raises OcpperfError without a warehouse."""
    with open_published(settings.paths) as con:
        return version_of(con)


def _memory(home: Home, target: str) -> Memory | OcpperfError:
    try:
        return read_memory(home, target)
    except OcpperfError as fault:
        return fault
