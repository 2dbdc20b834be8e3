"""Load catalogue, rules and models as the settings say, and what of the catalogue differs from cluster to cluster."""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from ocpperf_assets.catalogue import Catalogue, load_catalogue, load_causes, load_rules
from ocpperf_assets.catalogue.locate import metrics_directory, sql_directory
from ocpperf_assets.catalogue.vocabulary import Profile
from ocpperf_assets.clusters.configured import Cluster, configured_clusters
from ocpperf_assets.ingest.clusters import KnownCluster
from ocpperf_assets.ingest.write import Knowledge
from ocpperf_assets.models import load_models
from ocpperf_assets.settings import Settings


def load_knowledge(settings: Settings) -> Knowledge:
    """Raises OcpperfError with every fault found in the files, one line each."""
    clusters = configured_clusters(settings)
    shared = _load(settings.flavour, settings.namespaces, settings.metrics, settings.rules, settings.profile)
    known = replace(shared, clusters=tuple(_known(cluster) for cluster in clusters.each))
    if not clusters.overrides:
        return known
    directories = _rule_directories(settings.rules)
    return replace(known, rules=load_rules(directories, shared.catalogue, settings.profile, further=clusters.overrides))


def load_cluster_catalogue(settings: Settings) -> Catalogue:
    """Every metric as the cluster of these settings is asked for it. Raises as `load_knowledge` does."""
    return _catalogue(settings.metrics, settings.flavour, settings.namespaces)


@lru_cache(maxsize=4)
def _load(
    flavour: str, namespaces: str | None, metrics: Path | None, rules: Path | None, profile: Profile
) -> Knowledge:
    catalogue = _catalogue(metrics, flavour, namespaces)
    directories = _rule_directories(rules)
    own_causes = [rules / "causes"] if rules and (rules / "causes").is_dir() else []
    sql = sql_directory()
    return Knowledge(
        catalogue,
        load_rules(directories, catalogue, profile),
        load_causes([metrics_directory() / "causes", *own_causes], directories),
        load_models(sql, catalogue.domains),
        sql,
    )


@lru_cache(maxsize=16)
def _catalogue(metrics: Path | None, flavour: str, namespaces: str | None) -> Catalogue:
    return load_catalogue([metrics_directory(), *([metrics] if metrics else [])], flavour, namespaces)


def _rule_directories(own: Path | None) -> Sequence[Path]:
    return [metrics_directory() / "rules", *([own] if own else [])]


def _known(cluster: Cluster) -> KnownCluster:
    settings = cluster.settings
    step_s = round(settings.step.total_seconds())
    return KnownCluster(
        cluster.name,
        tuple(sorted(cluster.labels.items())),
        settings.flavour,
        settings.namespaces,
        step_s,
        load_cluster_catalogue(settings),
    )
