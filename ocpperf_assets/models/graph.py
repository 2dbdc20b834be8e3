"""The order of models, from what each one reads."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from ocpperf_assets.models.model import Model, read_model
from ocpperf_mcp.contracts.errors import OcpperfError

# Relations the caller registers on the connection: the catalogue is not read from the warehouse.
CATALOGUE_RELATIONS = frozenset({"catalogue_metric", "catalogue_rule", "catalogue_cause"})
# What the files of sql/ say about themselves.
DESCRIBED_RELATIONS = frozenset({"described_table", "described_column"})
# What people told ocpperf, from the state directory.
USER_RELATIONS = frozenset({"user_run", "user_ack"})


def load_models(sql_directory: Path, domains: Sequence[str]) -> tuple[Model, ...]:
    """Every file below `sql_directory` but for the migrations, each after what it reads; checks come last.

    Raises OcpperfError naming the file on a bad header, SQL that does not parse, an unknown table or a cycle.
    """
    paths = sorted(path for path in sql_directory.rglob("*.sql") if path.parent.name != "migrations")
    models = [model for path in paths for model in read_model(path, tuple(domains))]
    return order_models(models)


def order_models(models: Sequence[Model]) -> tuple[Model, ...]:
    """Resolve references to `depends_on`, fold the hashes of what a model reads into its own, and sort."""
    by_name = _by_name(models)
    graph = {model.name: _dependencies(model, by_name) for model in models}
    try:
        order = list(TopologicalSorter({name: graph[name] for name in sorted(graph)}).static_order())
    except CycleError as error:
        names = [name for name in error.args[1] if name in by_name]
        files = ", ".join(sorted({by_name[name].path.name for name in names}))
        raise OcpperfError(f"The models {' -> '.join(names)} read each other in a circle.", f"See {files}.") from error
    resolved: dict[str, Model] = {}
    for name in order:
        if name in by_name:
            resolved[name] = _resolve(by_name[name], graph[name], resolved)
    return tuple(sorted(resolved.values(), key=lambda model: model.kind == "check"))


def upstream(model: Model, by_name: Mapping[str, Model]) -> frozenset[str]:
    """All names a model rests on, however far away."""
    found: set[str] = set()
    waiting = list(model.depends_on)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(by_name[name].depends_on if name in by_name else ())
    return frozenset(found)


def _by_name(models: Sequence[Model]) -> dict[str, Model]:
    by_name: dict[str, Model] = {}
    for model in models:
        if model.name in by_name:
            raise OcpperfError(
                f"{model.path.name} and {by_name[model.name].path.name} both make {model.name}.",
                "Rename one of them.",
            )
        by_name[model.name] = model
    return by_name


def _dependencies(model: Model, by_name: Mapping[str, Model]) -> tuple[str, ...]:
    known = by_name.keys() | CATALOGUE_RELATIONS | DESCRIBED_RELATIONS | USER_RELATIONS
    for name in sorted(model.tables - known):
        raise OcpperfError(
            f"{model.path.parent.name}/{model.path.name} reads {name}, which no file makes.",
            "Correct the name, or add a file of that name to sql/.",
        )
    return tuple(sorted((model.tables | model.calls) & known - {model.name}))


def _resolve(model: Model, dependencies: tuple[str, ...], resolved: Mapping[str, Model]) -> Model:
    """A raw table is no reason to build again: its rows say what changed, window by window."""
    sources = [resolved[name] for name in dependencies if name in resolved]
    hashes = [model.sql_hash, *(source.sql_hash for source in sources if source.kind != "ddl")]
    return replace(model, depends_on=dependencies, sql_hash=hashlib.sha256("".join(hashes).encode()).hexdigest()[:16])
