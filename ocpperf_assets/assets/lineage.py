"""Which SQL files are assets, and how the graph runs through those that are not."""

from collections.abc import Iterator, Mapping, Sequence

import dagster as dg

from ocpperf_assets.assets.inventory import INVENTORY
from ocpperf_assets.models import Model, checked_table, checks_of

_SHOWN = ("view", "macro", "whole", "window")
_OF_INVENTORY = "raw_inventory_"
_HELPERS = "macro"
"""The folder of macros that models call; those of other folders are answers of their own."""


def is_shown(model: Model) -> bool:
    """Whether a model is an asset. Raw tables are shown as the domain that fills them."""
    return model.kind in _SHOWN and model.folder != _HELPERS


def model_key(model: Model) -> dg.AssetKey:
    return dg.AssetKey([model.folder, model.name])


def upstream_keys(model: Model, models: Sequence[Model], raw_keys: Sequence[dg.AssetKey]) -> list[dg.AssetKey]:
    """The assets a model rests on, seen through helpers; a model that reads no other rests on the raw domains."""
    by_name = {other.name: other for other in models}
    tables = {f"raw_{key.path[-1]}": key for key in raw_keys}
    found = dict.fromkeys(_upstream(model, by_name, tables, raw_keys))
    return list(found) or list(raw_keys)


def _upstream(
    model: Model,
    by_name: Mapping[str, Model],
    tables: Mapping[str, dg.AssetKey],
    raw_keys: Sequence[dg.AssetKey],
) -> Iterator[dg.AssetKey]:
    for name in model.depends_on:
        if name in tables:
            yield tables[name]
        elif name in by_name and is_shown(by_name[name]):
            yield model_key(by_name[name])
            # Dagster finds the partitions of a backfill along assets that it runs; a view is none.
            if model.is_table and not by_name[name].is_table:
                yield from _upstream(by_name[name], by_name, tables, raw_keys)
        elif name.startswith(_OF_INVENTORY):
            # A table is built where no snapshot was taken as well: it must not wait for one.
            yield from () if model.is_table else (INVENTORY,)
        elif name in by_name and by_name[name].kind == "ddl":
            yield from raw_keys
        elif name in by_name:
            yield from _upstream(by_name[name], by_name, tables, raw_keys)


def checks(tables: Sequence[Model], models: Sequence[Model], otherwise: dg.AssetKey) -> dict[str, dg.AssetCheckSpec]:
    """A spec for every check by its name, on the one of `tables` it is about, or on `otherwise` when it is none."""
    shown = {model.name: model_key(model) for model in tables}
    return {
        check.name: dg.AssetCheckSpec(
            check.name, asset=shown.get(checked_table(check), otherwise), description=check.description
        )
        for check in checks_of(models)
    }
