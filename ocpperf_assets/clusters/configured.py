"""Every configured cluster with the settings that hold for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from ocpperf_assets.catalogue.document import Placed
from ocpperf_assets.catalogue.rule import OverrideEntry
from ocpperf_assets.catalogue.vocabulary import duration_s
from ocpperf_assets.clusters.entry import ClusterEntry
from ocpperf_assets.clusters.file import read_clusters
from ocpperf_assets.settings import Settings
from ocpperf_mcp.contracts.errors import OcpperfError
from ocpperf_mcp.nearest import meant


@dataclass(frozen=True)
class Cluster:
    """One cluster; `settings` are those of the environment with what is its own in their place."""

    settings: Settings
    labels: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.settings.cluster


@dataclass(frozen=True)
class Clusters:
    """All of them, in the order of the file."""

    each: tuple[Cluster, ...]
    overrides: tuple[Placed[OverrideEntry], ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(cluster.name for cluster in self.each)

    def of(self, name: str) -> Cluster:
        """Raises OcpperfError, with the nearest names, where none is configured by that name."""
        for cluster in self.each:
            if cluster.name == name:
                return cluster
        raise OcpperfError(f"No cluster is named '{name}'.", meant(name, set(self.names), "cluster"))

    def chosen(self, name: str | None) -> Sequence[Cluster]:
        """The named one, else all. Raises OcpperfError as `of` does."""
        return self.each if name is None else (self.of(name),)


def configured_clusters(settings: Settings) -> Clusters:
    """Those of the clusters file, else the one of the settings. Raises OcpperfError on a faulty file."""
    if settings.clusters is None:
        return Clusters((Cluster(settings),))
    read = read_clusters(settings.clusters)
    return Clusters(tuple(_cluster(settings, entry) for entry in read.entries), read.overrides)


def settings_of(name: str) -> Settings:
    """Those of one cluster as they are configured now. Raises OcpperfError as `Clusters.of` does."""
    return configured_clusters(Settings()).of(name).settings


def _cluster(settings: Settings, entry: ClusterEntry) -> Cluster:
    """Where and with which token a cluster is asked is never taken from the settings: they would be another's."""
    own = {
        "cluster": entry.name,
        "prometheus_url": entry.prometheus_url,
        "prometheus_token": None,
        "prometheus_token_file": entry.token_file,
        "kube_context": entry.context,
        "kubernetes": settings.kubernetes and entry.asks_kubernetes,
    }
    otherwise = {
        "prometheus_ca": entry.ca,
        "kubeconfig": entry.kubeconfig,
        "service_account": entry.service_account,
        "flavour": entry.flavour,
        "namespaces": entry.namespaces,
        "step": timedelta(seconds=duration_s(entry.step)) if entry.step else None,
    }
    said = {name: value for name, value in otherwise.items() if value is not None}
    return Cluster(settings.model_copy(update=own | said), entry.labels)
