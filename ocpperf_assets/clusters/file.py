"""Reading the clusters file: entries, and the overrides of rules in them."""

from dataclasses import dataclass
from pathlib import Path

from ocpperf_assets.catalogue.document import NoHead, Placed, read_document, read_entries, read_head, unique
from ocpperf_assets.catalogue.faults import Fault, raise_faults
from ocpperf_assets.catalogue.rule import OverrideEntry
from ocpperf_assets.clusters.entry import ClusterEntry
from ocpperf_mcp.contracts.errors import OcpperfError

_ONE_S_OWN = 1
"""The layer of files that are not shipped."""
_NEXT_STEP = "README's part on several clusters describes every field."


@dataclass(frozen=True)
class ClustersFile:
    """What the file holds; overrides still know where they stand, so that their faults can be told."""

    entries: tuple[ClusterEntry, ...]
    overrides: tuple[Placed[OverrideEntry], ...]


def read_clusters(path: Path) -> ClustersFile:
    """Raises OcpperfError with every fault found, one line each."""
    faults: list[Fault] = []
    try:
        document = read_document(path, _ONE_S_OWN, faults)
    except OSError as fault:
        raise OcpperfError(
            f"The clusters file {path} cannot be read: {fault.strerror}.", "Correct OCPPERF_CLUSTERS."
        ) from None
    found: list[Placed[ClusterEntry]] = []
    if document:
        read_head(document, NoHead, ["clusters"], faults)
        found = list(unique(read_entries(document, "clusters", "name", ClusterEntry, faults), faults).values())
        if not faults and not found:
            faults.append(document.fault(("clusters",), "", "clusters", "expected at least one cluster"))
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
