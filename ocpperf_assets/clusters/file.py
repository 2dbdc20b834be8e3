"""Reading the clusters file: entries, and the overrides of rules in them."""

from dataclasses import dataclass
from pathlib import Path

from ocpperf_assets.catalogue.document import Placed, read_one_file
from ocpperf_assets.catalogue.faults import Fault, raise_faults
from ocpperf_assets.catalogue.rule import OverrideEntry
from ocpperf_assets.clusters.entry import ClusterEntry

_NEXT_STEP = "README's part on several clusters describes every field."


@dataclass(frozen=True)
class ClustersFile:
    """What the file holds; overrides still know where they stand, so that their faults can be told."""

    entries: tuple[ClusterEntry, ...]
    overrides: tuple[Placed[OverrideEntry], ...]


def read_clusters(path: Path) -> ClustersFile:
    """Raises OcpperfError with every fault found, one line each."""
    faults: list[Fault] = []
    found = read_one_file(path, "clusters", ClusterEntry, "OCPPERF_CLUSTERS", faults)
    faults += _alike(found)
    raise_faults(faults, "The clusters file has", _NEXT_STEP)
    return ClustersFile(
        tuple(placed.entry for placed in found if placed.entry),
        tuple(override for placed in found for override in _overrides(placed)),
    )


def _overrides(placed: Placed[ClusterEntry]) -> list[Placed[OverrideEntry]]:
    if placed.entry is None:
        return []
    return [
        Placed(one.rule, one.of_cluster(placed.entry.name), placed.document, (*placed.location, "overrides", index))
        for index, one in enumerate(placed.entry.overrides)
    ]


def _alike(found: list[Placed[ClusterEntry]]) -> list[Fault]:
    """Entries that are reached and asked in the same way: one cluster under two names.

    One address may serve several: selectors of a flavour, or the token, tell them apart.
    """
    first: dict[object, str] = {}
    faults = []
    for placed in found:
        if placed.entry is None:
            continue
        entry = placed.entry
        reached = (
            entry.prometheus_url,
            entry.context,
            entry.kubeconfig,
            entry.flavour,
            entry.namespaces,
            entry.token_file,
        )
        other = first.setdefault(reached, placed.name)
        if other != placed.name:
            faults.append(placed.fault("", f"reached as {other} is; give it a context or a prometheus_url of its own"))
    return faults
