"""Load catalogue, rules and models as the settings say."""

from functools import lru_cache
from pathlib import Path

from ocpperf_assets.catalogue import load_catalogue, load_causes, load_rules
from ocpperf_assets.catalogue.locate import metrics_directory, sql_directory
from ocpperf_assets.catalogue.vocabulary import Profile
from ocpperf_assets.ingest.write import Knowledge
from ocpperf_assets.models import load_models
from ocpperf_assets.settings import Settings


def load_knowledge(settings: Settings) -> Knowledge:
    """Raises OcpperfError with every fault found in the files, one line each."""
    return _load(settings.flavour, settings.namespaces, settings.metrics, settings.rules, settings.profile)


@lru_cache(maxsize=4)
def _load(
    flavour: str, namespaces: str | None, metrics: Path | None, rules: Path | None, profile: Profile
) -> Knowledge:
    shipped = metrics_directory()
    catalogue = load_catalogue([shipped, *([metrics] if metrics else [])], flavour, namespaces)
    rule_directories = [shipped / "rules", *([rules] if rules else [])]
    own_causes = [rules / "causes"] if rules and (rules / "causes").is_dir() else []
    sql = sql_directory()
    return Knowledge(
        catalogue,
        load_rules(rule_directories, catalogue, profile),
        load_causes([shipped / "causes", *own_causes], rule_directories),
        load_models(sql, catalogue.domains),
        sql,
    )
